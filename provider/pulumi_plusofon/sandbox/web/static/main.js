/** The page: asks what is new, again and again, and draws what changed. */

import { Account } from "./account.js";
import { Refused, ask, forgetToken, hasToken, keepToken, takeTokenFromAddress } from "./api.js";
import { one, setText } from "./dom.js";
import { Faults } from "./faults.js";
import { Numbers } from "./numbers.js";
import { Requests } from "./requests.js";
import { Routes } from "./routes.js";

const EVERY = 500;

const account = new Account();
const requests = new Requests(account);
const routes = new Routes(account, (digits) => numbers.chooseByDigits(digits));
const numbers = new Numbers(account, {
  onChosen: (number) => requests.showOnly(number),
  onFound: (found, isSearch) => routes.showOnly(found, isSearch),
});
const parts = [numbers, requests, routes, new Faults(account)];

/** @type {number | undefined} */
let timer;
/** @type {Promise<void>} */
let turn = Promise.resolve();

/** Ask for what is new, after what is being asked. */
function refresh() {
  clearTimeout(timer);
  turn = turn.then(look, look);
  return turn;
}

async function look() {
  clearTimeout(timer);
  if (!hasToken()) return askForToken("");
  const news = await whatIsNew();
  if (news === null) return;
  // A page that is not seen asks nothing; it asks at once when it is seen again.
  if (!document.hidden) timer = setTimeout(refresh, EVERY);
  if (news) take(news);
}

/** @returns {Promise<any>} undefined: no answer; null: the token is refused */
async function whatIsNew() {
  try {
    const news = await ask(`page?after=${encodeURIComponent(account.after)}`);
    say("live", "Live");
    return news;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      forgetToken();
      askForToken("This is not the account's token.");
      return null;
    }
    say("lost", `No answer, asking again: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** @param {any} news */
function take(news) {
  const changed = account.take(news);
  one("#token-needed").hidden = true;
  one("#shown").hidden = false;
  one(".search").hidden = false;
  setText(one("#account"), `Account ${account.settings.customer_id}, balance ${account.settings.balance}`);
  for (const part of parts) part.update(changed);
}

/** @param {string} name @param {string} words */
function say(name, words) {
  const state = one("#state");
  state.dataset.state = name;
  setText(state, words);
}

/** @param {string} reason */
function askForToken(reason) {
  clearTimeout(timer);
  one("#shown").hidden = true;
  one(".search").hidden = true;
  one("#token-needed").hidden = false;
  setText(one("#token-form .refusal"), reason);
  setText(one("#account"), "");
  say("closed", "A token is needed");
  one("#token").focus();
}

one("#token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (one("#token"));
  keepToken(field.value);
  field.value = "";
  account.after = "";
  refresh();
});
addEventListener("hashchange", () => {
  takeTokenFromAddress();
  account.after = "";
  refresh();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});

takeTokenFromAddress();
refresh();
