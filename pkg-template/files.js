// Uploads, and requests with files in them. Loaded with the first file.
export { sendFiles } from "./files/request.js";
export { upload } from "./files/upload.js";
