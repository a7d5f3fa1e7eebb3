"use strict";

/* The front page's filters and search, and the marks of what was searched for on a practice's page.
   All texts are put into the page as text, never as HTML. */

const catalogue = {
  texts: new Map(),
  addTexts([edition, practices]) {
    for (const [key, fields] of Object.entries(practices)) {
      const folded = Object.entries(fields).map(([name, text]) => ({ name, text, folded: fold(text) }));
      catalogue.texts.set(`${edition}/${key}`, folded);
    }
    catalogue.waiting -= 1;
    if (catalogue.waiting === 0) catalogue.ready();
  },
  waiting: 0,
  ready: () => {},
};

const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", ł: "l", ŧ: "t", ς: "σ" };

function foldLetter(letter) {
  const plain = letter.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return LETTERS[plain] ?? plain;
}

function fold(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/[ßæœøđðþħıłŧς]/g, (letter) => LETTERS[letter]);
}

function wordsOf(query) {
  return fold(query).split(/\s+/).filter(Boolean);
}

/* Finds words in a text: [start, end] of each hit in the text as it is, none over another. */
function findHits(text, words) {
  let folded = "";
  const places = [];
  let at = 0;
  for (const letter of text) {
    const plain = foldLetter(letter);
    for (let i = 0; i < plain.length; i += 1) places.push([at, at + letter.length]);
    folded += plain;
    at += letter.length;
  }
  const hits = [];
  for (const word of words) {
    for (let found = folded.indexOf(word); found >= 0; found = folded.indexOf(word, found + word.length)) {
      hits.push([places[found][0], places[found + word.length - 1][1]]);
    }
  }
  hits.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return hits.filter((hit, i) => hits.slice(0, i).every((before) => before[1] <= hit[0]));
}

function marked(text, hits) {
  const pieces = document.createDocumentFragment();
  let at = 0;
  for (const [start, end] of hits) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    pieces.append(text.slice(at, start), mark);
    at = end;
  }
  pieces.append(text.slice(at));
  return pieces;
}

/* What surrounds the first hit, cut at spaces. */
function excerptOf(text, words) {
  const around = 70;
  const [first] = findHits(text, words);
  let start = Math.max(0, first[0] - around);
  let end = Math.min(text.length, first[1] + around * 2);
  if (start > 0) start = text.indexOf(" ", start) + 1 || start;
  if (start > first[0]) start = first[0];
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), first[1]);
  const cut = `${start > 0 ? "… " : ""}${text.slice(start, end).replace(/\s+/g, " ")}${end < text.length ? " …" : ""}`;
  return marked(cut, findHits(cut, words));
}

function startFront(form) {
  const titles = JSON.parse(form.dataset.titles);
  const editions = JSON.parse(form.dataset.editions);
  const cards = [...form.querySelectorAll(".card")].map((element) => {
    const link = element.querySelector("h3 a");
    const where = element.querySelector(".where").textContent;
    return { element, link, title: link.textContent, href: link.getAttribute("href"), head: fold(`${link.textContent} ${where}`), data: element.dataset };
  });
  const total = new Set(cards.map((card) => card.data.key)).size;
  const [count, none, reset] = ["count", "none", "reset"].map((id) => document.getElementById(id));
  const ends = ["from", "to"].map((name) => form.elements[name]).filter((input) => input instanceof HTMLInputElement);
  const folded = form.querySelector(".fold");
  let asked = false;

  /* What is chosen, without what is as it was at first. */
  function readState() {
    const state = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...state]) {
      const input = form.elements[name];
      if (!value.trim() || (input.type === "range" && value === input.defaultValue)) state.delete(name);
    }
    return state;
  }

  function writeState(state) {
    for (const input of form.querySelectorAll("input")) {
      if (input.type === "checkbox") input.checked = state.getAll(input.name).includes(input.value);
      else if (input.type === "radio") input.checked = (state.get(input.name) ?? "") === input.value;
      else input.value = state.get(input.name) ?? input.defaultValue;
    }
  }

  /* A page on a disk may load scripts and no data, so that the texts come as scripts, when they are first wanted. */
  function loadTexts() {
    if (asked) return;
    asked = true;
    catalogue.waiting = editions.length;
    catalogue.ready = show;
    for (const edition of editions) {
      const script = document.createElement("script");
      script.src = `search/${encodeURIComponent(edition)}.js`;
      document.head.append(script);
    }
  }

  function passes(card, state) {
    const { data } = card;
    for (const name of ["country", "level", "group"]) {
      const wanted = state.getAll(name);
      if (wanted.length && !wanted.some((value) => data[name].split(" ").includes(value))) return false;
    }
    if (state.has("free") && !data.free) return false;
    if (state.has("language") && data.language !== state.get("language")) return false;
    if (state.has("from") || state.has("to")) {
      if (!data.from) return false;
      if (Number(data.to) < Number(state.get("from") ?? -Infinity)) return false;
      if (Number(data.from) > Number(state.get("to") ?? Infinity)) return false;
    }
    return true;
  }

  function showHits(card, words, query) {
    const fields = catalogue.texts.get(`${card.data.edition}/${card.data.key}`) ?? [];
    const list = card.element.querySelector(".hits");
    const excerpt = card.element.querySelector(".excerpt");
    const found = words.length
      ? fields
          .map((field) => ({ ...field, number: words.filter((word) => field.folded.includes(word)).length }))
          .filter((field) => field.number)
          .sort((one, other) => other.number - one.number)
      : [];
    card.link.replaceChildren(marked(card.title, findHits(card.title, words)));
    card.link.href = words.length ? `${card.href}?q=${encodeURIComponent(query)}` : card.href;
    list.replaceChildren(
      ...found.slice(0, 2).map((field) => {
        const item = document.createElement("li");
        const name = document.createElement("a");
        name.lang = "en";
        name.href = `${card.href}?q=${encodeURIComponent(query)}#${field.name}`;
        name.textContent = titles[field.name] ?? "Another row";
        item.append(name, " ", excerptOf(field.text, words));
        return item;
      }),
    );
    if (found.length > 2) {
      const item = document.createElement("li");
      item.className = "more";
      item.lang = "en";
      item.textContent = `and in ${found.length - 2} more`;
      list.append(item);
    }
    list.hidden = !found.length;
    excerpt.hidden = found.length > 0;
  }

  function show() {
    const state = readState();
    const query = (state.get("q") ?? "").trim();
    const words = wordsOf(query);
    if (words.length) loadTexts();
    const shown = new Set();
    for (const card of cards) {
      const fields = catalogue.texts.get(`${card.data.edition}/${card.data.key}`) ?? [];
      const has = (word) => card.head.includes(word) || fields.some((field) => field.folded.includes(word));
      const good = !shown.has(card.data.key) && passes(card, state) && words.every(has);
      card.element.hidden = !good;
      if (good) {
        shown.add(card.data.key);
        showHits(card, words, query);
      }
    }
    const things = total === 1 ? "practice" : "practices";
    count.textContent = shown.size === total ? `${total} ${things}` : `${shown.size} of ${total} ${things}`;
    none.hidden = shown.size > 0;
    reset.hidden = state.size === 0;
    const filters = [...state.keys()].filter((name) => name !== "q").length;
    folded.textContent = filters ? `Filters (${filters})` : "Filters";
    const [from, to] = ends.map((input) => Number(input.value));
    for (const bar of form.querySelectorAll(".bars rect")) {
      bar.classList.toggle("out", Number(bar.dataset.year) < from || Number(bar.dataset.year) > to);
    }
    for (const input of ends) document.getElementById(`${input.name}-year`).textContent = input.value;
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  }

  form.addEventListener("input", (event) => {
    /* Neither end of the time line passes the other. */
    const [from, to] = ends;
    if (event.target === from && Number(from.value) > Number(to.value)) to.value = from.value;
    if (event.target === to && Number(to.value) < Number(from.value)) from.value = to.value;
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  window.addEventListener("hashchange", () => {
    /* The address of a place in the page chooses nothing. */
    if (location.hash && !location.hash.includes("=")) return;
    writeState(new URLSearchParams(location.hash.slice(1)));
    show();
  });
  form.elements.q.addEventListener("focus", loadTexts);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=search]")) return;
    event.preventDefault();
    form.elements.q.focus();
  });
  folded.addEventListener("click", () => {
    folded.setAttribute("aria-expanded", String(folded.getAttribute("aria-expanded") !== "true"));
  });
  for (const part of form.querySelectorAll(".seek, .filters")) part.hidden = false;
  writeState(new URLSearchParams(location.hash.slice(1)));
  show();
}

function markPractice(practice) {
  const words = wordsOf(new URLSearchParams(location.search).get("q") ?? "");
  if (!words.length) return;
  for (const element of practice.querySelectorAll("h1, .text")) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const hits = findHits(node.data, words);
      if (hits.length) node.replaceWith(marked(node.data, hits));
    }
  }
}

const front = document.getElementById("filters");
if (front) startFront(front);
const practice = document.querySelector(".practice");
if (practice) markPractice(practice);
