// Messages of the catalogue in the language of the page, their placeholders filled in.
import { TEXTS } from "./texts.js";

let spoken = "en";
export const languages = ["en", "ko"];
export const language = () => spoken;
export const speak = (name) => (spoken = languages.includes(name) ? name : "en");

// {name}, {count:row|rows} in the number that fits, {word:이/가} with the particle that fits the word's ending
export function say(key, values = {}) {
  return TEXTS[key][spoken].replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, format = "") => {
    const value = String(values[name]);
    if (format.includes("|")) return `${typeof values[name] === "number" ? values[name].toLocaleString("en") : value} ${format.split("|")[value === "1" ? 0 : 1]}`;
    if (!format.includes("/")) return value;
    const [withFinal, withoutFinal] = format.split("/");
    const final = finalConsonant(value);
    return value + (final && !(withFinal === "으로" && final === "ㄹ") ? withFinal : withoutFinal);
  });
}

// "ㄹ", "other" or "": whether the word, read aloud in Korean, ends in a consonant
function finalConsonant(word) {
  const letters = word.replace(/[ '"’”)\]}.,]+$/, "");
  const last = letters.at(-1) ?? "a";
  if (/(^|[^a-zA-Z])[a-zA-Z]$/.test(letters)) return /[lr]/i.test(last) ? "ㄹ" : /[mn]/i.test(last) ? "other" : "";
  if (last >= "가" && last <= "힣") {
    const index = (last.charCodeAt(0) - "가".charCodeAt(0)) % 28;
    return index === 0 ? "" : index === 8 ? "ㄹ" : "other";
  }
  if (/\d/.test(last)) return { 0: "other", 1: "ㄹ", 3: "other", 6: "other", 7: "ㄹ", 8: "ㄹ" }[last] ?? "";
  return /l/i.test(last) ? "ㄹ" : /[bckmnpt]/i.test(last) ? "other" : "";
}
