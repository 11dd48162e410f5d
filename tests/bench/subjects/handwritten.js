// The rules of `validate` in JavaScript, without a client.
import { validate } from "../handwritten.js";
import { typical } from "../requests.js";

export { validate };
export const first = () => validate(typical).valid;
