// Stands for the session of an app.

/** @param {Request} request */
export function userOf(request) {
  const user = request.headers.get("x-user");
  return user === null ? null : { user };
}
