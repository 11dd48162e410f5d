// The result of a question of the live check.

/**
 * - `confirmed`: the answer is what the library assumes
 * - `new`: nobody knew, and the library assumes nothing
 * - `differs`: the library assumes something else
 * - `open`: there was no answer to learn from
 *
 * @typedef {"confirmed" | "new" | "differs" | "open"} Verdict
 */

/**
 * @typedef {object} Finding
 * @property {Verdict} verdict
 * @property {string} question
 * @property {string} answer
 * @property {string} meaning for users of the library
 * @property {Change[]} changes
 */

/** What to change, and in which file. @typedef {{ file: string, what: string }} Change */

/** @type {(question: string, answer: string, meaning: string) => Finding} */
export const confirmed = (question, answer, meaning) => ({
  ...{ verdict: "confirmed", question, answer, meaning, changes: [] },
});

/** @type {(question: string, answer: string, meaning: string, ...changes: Change[]) => Finding} */
export const learned = (question, answer, meaning, ...changes) => ({
  ...{ verdict: "new", question, answer, meaning, changes },
});

/** @type {(question: string, answer: string, meaning: string, ...changes: Change[]) => Finding} */
export const differs = (question, answer, meaning, ...changes) => ({
  ...{ verdict: "differs", question, answer, meaning, changes },
});

/** @type {(question: string, answer: string) => Finding} */
export const open = (question, answer) => ({
  ...{ verdict: "open", question, answer, meaning: "Ask again later.", changes: [] },
});

/** @type {(file: string, what: string) => Change} */
export const change = (file, what) => ({ file, what });
