
// --- titles, completed as one types: nothing is chosen until an arrow key or the mouse chooses it ------------------
{
  const MOST = 6, LONGEST = 7;  // suggestions; words of a title that are looked at
  const field = () => one('#cr-box textarea');
  const simple = (text) => text.normalize('NFKD').replace(/[\u0300-\u036f'’.]/g, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const bare = (key) => key.replace(/^(the|a|an|le|la|les|il|el|der|die|das) (?=.)/, '');
  let titles = null, shown = [], active = -1, from = 0;

  const list = document.createElement('ul');
  list.id = 'cr-titles';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Titles');
  list.hidden = true;

  const fetchTitles = async () => {
    if (titles) return;
    titles = [];
    try {
      const twice = new Set(), seen = new Set(), all = await server.titles();
      for (const [title] of all) (seen.has(title) ? twice : seen).add(title);
      titles = all.map(([title, year]) => {
        const key = simple(title);
        return {key, bare: bare(key), text: twice.has(title) && year ? `${title} (${year})` : title, year};
      });
    } catch { titles = null; }  // it is a help, not a need
  };

  const close = () => {
    shown = []; active = -1; list.hidden = true;
    field()?.removeAttribute('aria-activedescendant');
  };

  // The longest run of words before the caret with which a title begins. One word must be a name or long enough.
  const find = (text) => {
    const starts = [...text.matchAll(/[\p{L}\p{N}][^\s]*/gu)].map((word) => word.index);
    for (let size = Math.min(LONGEST, starts.length); size > 0; size--) {
      const start = starts[starts.length - size], typed = text.slice(start);
      if (/[.!?;:,]\s/.test(typed) && size > 1 && !/^\S+[:.]\s/.test(typed)) continue;
      const key = simple(typed), open = /\s$/.test(typed) ? `${key} ` : key;
      const least = size > 1 || /^[\p{Lu}\p{N}]/u.test(typed) ? 3 : 5;
      if (key.length < least || (size > 1 && bare(key).length < 2)) continue;
      const found = titles.filter((one) => (one.key.startsWith(open) || one.bare.startsWith(open)) && one.text !== typed);
      if (found.length) return [start, found.slice(0, MOST)];
    }
    return [0, []];
  };

  const show = () => {
    list.replaceChildren(...shown.map((one, place) => {
      const option = document.createElement('li');
      option.id = `cr-title-${place}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', String(place === active));
      option.textContent = one.text;
      if (one.year && !one.text.endsWith(`(${one.year})`)) {
        const year = document.createElement('span');
        year.textContent = ` ${one.year}`;
        option.append(year);
      }
      return option;
    }));
    list.hidden = !shown.length;
    if (active < 0) field()?.removeAttribute('aria-activedescendant');
    else field()?.setAttribute('aria-activedescendant', `cr-title-${active}`);
  };

  const take = (place) => {
    const box = field(), end = box.selectionStart, after = box.value.slice(end);
    const before = `${box.value.slice(0, from)}${shown[place].text}`;
    box.value = before + after;
    box.setSelectionRange(before.length, before.length);
    close();
    box.dispatchEvent(new Event('input', {bubbles: true}));
    close();
    box.focus();
  };

  const look = async (box) => {
    if (!list.isConnected) one('#cr-box')?.append(list);
    box.setAttribute('aria-autocomplete', 'list');
    box.setAttribute('aria-controls', list.id);
    await fetchTitles();
    if (!titles || box.selectionStart !== box.selectionEnd || document.activeElement !== box) return close();
    [from, shown] = find(box.value.slice(0, box.selectionStart));
    active = -1;
    show();
  };

  document.addEventListener('input', (event) => {
    if (event.target.matches?.('#cr-box textarea') && event.isTrusted) look(event.target);
  }, {signal: off.signal});
  document.addEventListener('focusin', (event) => {
    if (event.target.matches?.('#cr-box textarea')) fetchTitles(); else close();
  }, {signal: off.signal});
  document.addEventListener('keydown', (event) => {
    if (!event.target.matches?.('#cr-box textarea') || list.hidden || event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) active = (active + step + shown.length + (active < 0 && step < 0)) % shown.length;
    else if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0) take(active);
    else if (event.key === 'Escape') close();
    else { if (event.key === 'Enter') close(); return; }
    if (step) show();
    event.preventDefault();
    event.stopImmediatePropagation();
  }, {capture: true, signal: off.signal});
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('li');
    event.preventDefault();  // the box keeps the focus
    if (option) take([...list.children].indexOf(option));
  });
}
