// The review page: choosing, filtering, moving on, and drawing pages when they come into view.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const pages = byId("pages");
  const values = byId("values");
  const position = byId("position");
  const search = byId("search");
  const cards = [...document.querySelectorAll(".card")];
  const sections = [...document.querySelectorAll(".practice")];
  const filters = [...document.querySelectorAll("input[name=filter]")];
  const SEARCHED = ".name, .label, .text, .parts, .links, .reason";
  const ZOOM_STEP = 1.25;
  const ZOOM_LEAST = 0.5;
  const ZOOM_MOST = 4;
  let zoom = 1;
  let chosen = null;
  let shown = cards;
  // The page that the chosen card's place was asked for on; undefined for the first.
  let asked;

  const marksOf = (card) => card.dataset.marks.split(" ").filter(Boolean).map(byId).filter(Boolean);
  const cardsOf = (mark) => mark.dataset.cards.split(" ").map(byId);
  const searched = new Map(
    cards.map((card) => [
      card,
      [...card.querySelectorAll(SEARCHED)]
        .map((part) => part.textContent)
        .join(" ")
        .toLowerCase(),
    ]),
  );

  // Scrolls a pane, and nothing but that pane, so that an element stands near its top.
  function reveal(pane, element, share) {
    const outer = pane.getBoundingClientRect();
    const inner = element.getBoundingClientRect();
    const bar = pane === pages ? pane.querySelector(".pane-bar") : element.closest(".practice")?.querySelector(".practice-head");
    const head = (bar?.offsetHeight ?? 0) + 12;
    const room = outer.height - head;
    pane.scrollTop += inner.top - outer.top - head - Math.max(0, (room - inner.height) * share);
    if (inner.left < outer.left || inner.right > outer.right) {
      pane.scrollLeft += inner.left - outer.left - Math.max(0, (outer.width - inner.width) / 2);
    }
  }

  function showPlace(card, page) {
    asked = page;
    const marks = marksOf(card);
    const mark = marks.find((item) => page === undefined || item.closest(".page").id === `page-${page}`);
    if (mark) {
      reveal(pages, mark, 0.3);
      return;
    }
    const sheet = byId(`page-${page ?? card.dataset.page}`);
    if (sheet) reveal(pages, sheet, 0);
  }

  function tell() {
    const place = chosen ? shown.indexOf(chosen) : -1;
    const count = shown.length;
    const noun = search.value.trim() ? "hit" : "card";
    position.textContent = place < 0 ? `${count} ${count === 1 ? noun : `${noun}s`}` : `${noun === "hit" ? "hit " : ""}${place + 1} of ${count}`;
    byId("previous").disabled = count === 0 || place === 0;
    byId("next").disabled = count === 0 || place === count - 1;
  }

  function clear() {
    for (const element of document.querySelectorAll(".chosen")) {
      element.classList.remove("chosen");
      element.style.removeProperty("--hue");
    }
    for (const element of document.querySelectorAll("[aria-pressed=true]")) element.setAttribute("aria-pressed", "false");
    pages.classList.remove("choosing");
    chosen = null;
    asked = undefined;
  }

  // `from` tells which side the choice was made on: that side stays where it is.
  function choose(card, from) {
    if (!shown.includes(card)) show("all", "");
    clear();
    chosen = card;
    // Who steps through the cards has seen the first of those that are alike; who asks for this one wants to read it.
    const fold = card.querySelector(".fold");
    if (fold && from !== "step") fold.open = true;
    card.classList.add("chosen");
    card.querySelector(".choose").setAttribute("aria-pressed", "true");
    const marks = marksOf(card);
    const name = card.querySelector(".name").textContent;
    const hue = getComputedStyle(card).getPropertyValue("--hue");
    for (const mark of marks) {
      const others = cardsOf(mark).length - 1;
      mark.classList.add("chosen");
      mark.dataset.tag = others ? `${name}, and ${others} more in this cell` : name;
      if (hue) mark.style.setProperty("--hue", hue);
      mark.setAttribute("aria-pressed", "true");
    }
    pages.classList.toggle("choosing", marks.length > 0);
    if (from !== "mark") showPlace(card);
    if (from !== "card") {
      reveal(values, card, 0);
      card.querySelector(".choose").focus({ preventScroll: true });
    }
    history.replaceState(null, "", `#${encodeURIComponent(card.id)}`);
    tell();
  }

  function show(filter, words) {
    for (const input of filters) input.checked = input.value === filter;
    search.value = words;
    update();
  }

  // Marks the words that were searched for in the cards shown, where the browser knows how to (2024 and later).
  function markHits(words) {
    if (!CSS.highlights) return;
    const ranges = [];
    for (const card of words.length ? shown : []) {
      const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length || !node.parentElement.closest(SEARCHED)) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("hits", new Highlight(...ranges));
  }

  function update() {
    const filter = filters.find((input) => input.checked).value;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = cards.filter((card) => {
      const seen = card.dataset.filters.split(" ").includes(filter) && words.every((word) => searched.get(card).includes(word));
      card.hidden = !seen;
      return seen;
    });
    markHits(words);
    for (const section of sections) section.hidden = !section.querySelector(".card:not([hidden])");
    const empty = byId("empty");
    empty.hidden = shown.length > 0;
    empty.textContent = words.length ? "No card holds these words under this filter; choose All to search in every card." : "Nothing of this kind: good.";
    if (chosen && !shown.includes(chosen)) clear();
    tell();
  }

  function step(by) {
    if (!shown.length) return;
    const place = chosen ? shown.indexOf(chosen) + by : by > 0 ? 0 : shown.length - 1;
    if (place >= 0 && place < shown.length) choose(shown[place], "step");
  }

  function setZoom(value) {
    const middle = (pages.scrollTop + pages.clientHeight / 2) / pages.scrollHeight;
    zoom = Math.min(ZOOM_MOST, Math.max(ZOOM_LEAST, value));
    pages.style.setProperty("--zoom", zoom);
    pages.scrollTop = middle * pages.scrollHeight - pages.clientHeight / 2;
    if (chosen) showPlace(chosen, asked);
  }

  function openHelp() {
    byId("help").showModal();
  }

  pages.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark) return;
    const owners = cardsOf(mark);
    // A cell that answers several fields: choosing it again goes to the next of them.
    const next = owners[(owners.indexOf(chosen) + 1) % owners.length];
    choose(next, "mark");
  });

  pages.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const all = [...mark.parentElement.querySelectorAll(".mark")];
    const next = all[all.indexOf(mark) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    if (!next) return;
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  values.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (!card || event.target.closest("details:not(.fold), summary, a")) return;
    const button = event.target.closest(".show");
    // Text that is being marked to be copied is no choice.
    if (!button && !event.target.closest(".choose") && String(getSelection())) return;
    choose(card, "card");
    if (button) showPlace(card, button.dataset.page);
  });

  for (const input of filters) input.addEventListener("change", update);
  search.addEventListener("input", update);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    step(event.shiftKey ? -1 : 1);
    search.focus({ preventScroll: true });
  });
  byId("next").addEventListener("click", () => step(1));
  byId("previous").addEventListener("click", () => step(-1));
  byId("larger").addEventListener("click", () => setZoom(zoom * ZOOM_STEP));
  byId("smaller").addEventListener("click", () => setZoom(zoom / ZOOM_STEP));
  byId("fit").addEventListener("click", () => setZoom(1));
  byId("help-open").addEventListener("click", openHelp);
  byId("jump").addEventListener("change", (event) => {
    const section = byId(event.target.value);
    event.target.value = "";
    if (!section) return;
    if (section.hidden) show("all", "");
    values.scrollTop = section.offsetTop;
    section.querySelector("h2").focus({ preventScroll: true });
    const first = section.querySelector(".card:not([hidden])[data-page]");
    const sheet = first && byId(`page-${first.dataset.page}`);
    if (sheet) reveal(pages, sheet, 0);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open) return;
    if (event.key === "Escape") {
      clear();
      tell();
      return;
    }
    const typing = event.target.closest("input[type=search], select, textarea");
    if (typing || !byId("keys").checked) return;
    const actions = {
      n: () => step(1),
      p: () => step(-1),
      "/": () => search.focus(),
      "?": openHelp,
      "+": () => setZoom(zoom * ZOOM_STEP),
      "-": () => setZoom(zoom / ZOOM_STEP),
      0: () => setZoom(1),
    };
    const number = Number(event.key);
    if (number >= 1 && number <= filters.length) {
      filters[number - 1].checked = true;
      update();
    } else if (Object.hasOwn(actions, event.key)) {
      actions[event.key]();
    } else {
      return;
    }
    event.preventDefault();
  });

  // What is chosen, or else what was read, stays where it was when the window gets another size.
  const read = new Map();
  function note(pane, kind) {
    const place = pane.getBoundingClientRect();
    const bar = pane.querySelector(".pane-bar, .practice-head");
    const across = place.left + place.width / 2;
    const down = place.top + (bar?.offsetHeight ?? 0) + 20;
    const element = document.elementFromPoint(across, down)?.closest(kind);
    if (!element || !pane.contains(element)) return;
    const { top, height } = element.getBoundingClientRect();
    read.set(pane, { element, down: down - place.top, share: (down - top) / height });
  }
  function restore(pane) {
    const kept = read.get(pane);
    if (!kept || kept.element.hidden) return;
    const { top, height } = kept.element.getBoundingClientRect();
    pane.scrollTop += top + kept.share * height - pane.getBoundingClientRect().top - kept.down;
  }
  const resized = new ResizeObserver(() => {
    if (chosen) {
      reveal(values, chosen, 0);
      showPlace(chosen, asked);
    } else {
      restore(pages);
      restore(values);
    }
  });
  for (const [pane, kind] of [[pages, ".page"], [values, ".card"]]) {
    let width = 0;
    pane.addEventListener("scroll", () => {
      // A change of size scrolls too; what was read before it is what counts.
      if (pane.clientWidth === width) note(pane, kind);
    }, { passive: true });
    new ResizeObserver(() => (width = pane.clientWidth)).observe(pane);
    resized.observe(pane);
  }

  // A picture is decoded when its page comes near, so that many pages cost no time at the start.
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        target.src = target.dataset.src;
        near.unobserve(target);
      }
    },
    { root: pages, rootMargin: "800px 0px" },
  );
  for (const image of document.querySelectorAll("img[data-src]")) near.observe(image);

  function followAddress() {
    const card = byId(decodeURIComponent(location.hash.slice(1)));
    if (card?.classList.contains("card")) choose(card, "address");
  }
  addEventListener("hashchange", followAddress);
  // Once more when all is loaded: by then the browser has scrolled to the address in its own way.
  addEventListener("load", followAddress);
  update();
  followAddress();
})();
