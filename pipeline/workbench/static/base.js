// What every page of the workbench shares: requests that carry the session's token, and answers that are one line.
"use strict";

const anjuan = {
  /** The identity of this tab, for telling one tab's changes from another's. Kept while the tab is open. */
  tab: (() => {
    const kept = sessionStorage.getItem("anjuan.tab");
    if (kept) return kept;
    const made = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("anjuan.tab", made);
    return made;
  })(),

  /** The session's token against forged requests. */
  csrf: document.querySelector('meta[name="csrf"]')?.content ?? "",

  /**
   * Send `body` as JSON and give the answer. Throws an Error whose message is the server's line and whose `status` is the
   * HTTP status, 0 when the server could not be reached (then the same request may be sent again).
   */
  async post(path, body, options = {}) {
    let response;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": anjuan.csrf },
        body: JSON.stringify(body),
        ...options,
      });
    } catch (error) {
      throw Object.assign(new Error(String(error.message || error)), { status: 0 });
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw Object.assign(new Error(answer.error || response.statusText), { status: response.status });
    return answer;
  },
};
