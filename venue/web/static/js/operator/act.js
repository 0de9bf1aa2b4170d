// An operator's request, and what became of it.
import { post } from "../api.js";
import { complain, toast } from "../toast.js";

/** True when it was done. The venue's word is told either way. */
export async function act(action, terms) {
  try {
    const answer = await post(`/operator/${action}`, terms);
    toast(answer.text || `${action}: done`, "good");
    return true;
  } catch (problem) {
    complain(problem, `Not done (${action})`);
    return false;
  }
}
