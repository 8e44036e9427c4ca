// Finding and making elements; the scripts after this one use it.

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const make = (tag, className, words) => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
};
