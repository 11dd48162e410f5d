// Reading tasks: ids, the list, and many at once.
import { isSuccess } from "./api.js";
import { fieldsOf } from "./account.js";
import { change, confirmed, differs, learned, open } from "./finding.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./finding.js").Finding} Finding */

/** An id of the documented form, of a task that does not exist. @param {number} index */
const absentId = (index) => `task-unified-1700000000-${String(index).padStart(8, "0")}`;

/** The most ids of a batch that the library sends, `BATCH_MAX`. */
export const batchMax = 50;

/** @param {Api} api @returns {Promise<Finding[]>} */
export async function taskFindings(api) {
  return [
    await refusal(api, "How is a malformed id refused?", "live-check", 400, "It is a `BadRequestError`."),
    await refusal(
      api,
      "How is the id of a task that does not exist refused?",
      absentId(0),
      404,
      "It is a `NotFoundError`.",
    ),
    ...(await listFindings(api)),
    ...(await batchFindings(api)),
  ];
}

/**
 * @param {Api} api
 * @param {string} question
 * @param {string} id
 * @param {number} status that the library expects
 * @param {string} meaning
 */
async function refusal({ ask }, question, id, status, meaning) {
  const answer = await ask("GET", `/v1/tasks/${id}`);
  if (!answer.isAnswered) return open(question, answer.summary);
  if (answer.status === status) return confirmed(question, answer.summary, meaning);
  const what = `expect ${answer.summary} instead of ${status} for the task id \`${id}\``;
  return differs(
    ...[question, answer.summary, `The library expects ${status}.`],
    change("src/domain/api/code.rs", what),
    change("pkg-template/testing/queries.js", `\`read\`: ${what}`),
  );
}

/** @param {Api} api @returns {Promise<Finding[]>} */
async function listFindings(api) {
  const answer = await api.ask("GET", "/v1/tasks?page=1&page_size=2&status=completed");
  const question = "Does GET /v1/tasks list tasks?";
  if (!answer.isAnswered) return [open(question, answer.summary)];
  const { data, total } = answer.body ?? {};
  if (!isSuccess(answer) || !Array.isArray(data))
    return [
      differs(
        ...[question, isSuccess(answer) ? fieldsOf(answer.body) : answer.summary, "`list()` fails."],
        change("src/domain/api/endpoint.rs", "`Endpoint::Tasks`: the API has no such list; remove `list()`"),
        change("src/domain/listing.rs", "`TaskPage::read`: or read this format of the list"),
      ),
    ];
  const count = typeof total === "number" ? `a total of ${total}` : "no total";
  const findings = [confirmed(question, `${answer.status}, with ${count}`, "`list()` works.")];
  if (data.length > 2)
    findings.push(
      differs(
        ...["Does the list have pages?", `${data.length} tasks for a page of 2`],
        "`list()` yields tasks more than once.",
        change("src/client/calls.rs", "`list`: the name of the parameter `page_size`"),
      ),
    );
  const id = data[0]?.id ?? data[0]?.task_id;
  if (typeof id === "string") findings.push(...(await linkFindings(api, id, data[0])));
  return findings;
}

/**
 * Where the links of a previously generated task are.
 * @param {Api} api
 * @param {string} id
 * @param {object} item of the list
 */
async function linkFindings({ ask }, id, item) {
  const read = await ask("GET", `/v1/tasks/${id}`);
  const batch = await ask("POST", "/v1/tasks/batch", { body: { task_ids: [id] } });
  const inRead = hasLink(read.body);
  const inBatch = hasLink(batch.body?.data?.[0]);
  const findings = [];
  if (inRead !== inBatch)
    findings.push(
      differs(
        ...["Does a batch return links?", inBatch ? "only a batch does" : "no, only a single read does"],
        "`waitAll` ends without links.",
        change("src/client/retrieve.rs", "read completed tasks of a batch again, each by its id"),
      ),
    );
  else if (inRead)
    findings.push(confirmed("Does a batch return links?", "yes", "`waitAll` needs no single reads."));
  const inList = hasLink(item);
  if (inList)
    findings.push(
      learned("Do the tasks of the list have links?", "yes", "`list()` could return the videos.", {
        ...change("pkg-template/index.d.ts", "`list`: its tasks have links"),
      }),
    );
  return findings;
}

/** Whether a task has a link in one of the places that `LINK_PLACES` knows. @param {any} task */
const hasLink = (task) => {
  const body = task?.data ?? task;
  const places = [body?.results, body?.result_data, body?.output, body?.video_url, body?.result, body?.url];
  return /"https?:\/\//.test(JSON.stringify(places.filter(Boolean)));
};

/** @param {Api} api @returns {Promise<Finding[]>} */
async function batchFindings({ ask }) {
  const ids = (/** @type {number} */ count) => ({
    task_ids: Array.from({ length: count }, (_, at) => absentId(at)),
  });
  const read = (/** @type {number} */ count) => ask("POST", "/v1/tasks/batch", { body: ids(count) });
  const one = await read(1);
  const question = "Does POST /v1/tasks/batch read many tasks?";
  if (!one.isAnswered) return [open(question, one.summary)];
  const data = one.body?.data;
  if (!isSuccess(one) || !(data === null || Array.isArray(data)))
    return [
      differs(
        ...[question, isSuccess(one) ? fieldsOf(one.body) : one.summary, "`waitAll` reads tasks one by one."],
        change("src/domain/api/endpoint.rs", "`Endpoint::Batch`: find its path, or how it is read"),
      ),
    ];
  const most = await read(batchMax);
  const more = await read(batchMax + 1);
  return [
    confirmed(
      question,
      `${one.status}, with \`data\`: ${JSON.stringify(data)} for an id that does not exist`,
      "It does.",
    ),
    limitFinding(most, more),
  ];
}

/**
 * @param {Answer} most the answer to as many ids as the library sends
 * @param {Answer} more to one more
 */
function limitFinding(most, more) {
  const question = `May a batch have ${batchMax} ids, and no more?`;
  const answer = `${batchMax}: ${most.summary}; ${batchMax + 1}: ${more.summary}`;
  const numbers = "src/domain/api/numbers.rs";
  if (!most.isAnswered || !more.isAnswered) return open(question, answer);
  if (!isSuccess(most))
    return differs(
      question,
      answer,
      "Large `waitAll` fail.",
      change(numbers, "`BATCH_MAX`: find a lower limit"),
    );
  return isSuccess(more)
    ? learned(
        question,
        answer,
        "Fewer requests would do.",
        change(numbers, "`BATCH_MAX`: a higher limit works"),
      )
    : confirmed(question, answer, "`BATCH_MAX` is right.");
}
