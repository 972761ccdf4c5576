
// --- behind the words: readings, blends and the parts of a score ---------------------------------------------------
{
  const make = (tag, text = '', ...inside) => { const made = document.createElement(tag); made.textContent = text; made.append(...inside); return made; };
  const classed = (element, name) => { element.className = name; return element; };
  let slate = '';

  const parts = async () => {
    if (document.body.dataset.crTab !== 'words') return;
    const ids = slateIds(), key = ids.join('\n'), out = one('#cr-parts');
    if (!ids.length || key === slate || one('#cr-chat .cr-live')) return;
    slate = key;
    let found = [];
    try { found = await server.parts({items: ids}); } catch { /* said below */ }
    if (!found.length) { out.textContent = 'The scores of this slate are not kept any more. Ask again, and they stand here.'; return; }
    const most = Math.max(...found.flatMap((item) => item.parts.map(([, value]) => Math.abs(value))), 0.1);
    out.replaceChildren(...found.map((item) => {
      const rows = item.parts.map(([label, value]) => {
        const bar = classed(make('span'), value < 0 ? 'cr-bar cr-against' : 'cr-bar');
        bar.style.setProperty('--cr-w', `${50 * Math.abs(value) / most}%`);
        return make('tr', '', make('th', label), make('td', '', bar), make('td', value.toFixed(2)));
      });
      for (const row of rows) row.firstChild.scope = 'row';
      return make('table', '', make('caption', `${item.name}: ${item.score.toFixed(2)}`), make('tbody', '', ...rows));
    }));
  };

  const ask = (id, work, draw) => one(id)?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.target, out = one(`${id}-out`), button = form.querySelector('button');
    button.disabled = true;
    out.replaceChildren(classed(make('p', 'Reading…'), 'cr-soft'));
    let found;
    try { found = await work(Object.fromEntries(new FormData(form))); } catch { found = {problem: 'Sorry, that did not work. Please try again.'}; }
    button.disabled = false;
    out.replaceChildren(...(found.problem ? [make('p', found.problem)] : draw(found)));
  });
  const quoted = (text) => classed(make('blockquote', text || '(It says nothing.)'), 'cr-quoted');

  let begun_ = false;
  opened.words = async () => {
    parts();
    if (begun_) return;
    begun_ = true;
    ask('#cr-read', (said) => server.read(said), (found) => {
      const record = make('dl', '', ...found.record.flatMap(([label, text]) => [make('dt', label), make('dd', text)]));
      const tokens = classed(make('ol', '', ...found.words.map((words) => make('li', words.join(' · ')))), 'cr-tokens');
      return [classed(make('div', '', make('div', '', make('h3', 'The model says'), quoted(found.said)), make('div', '', make('h3', `The record of ${found.name}`), record)), 'cr-beside'),
        make('details', '', make('summary', 'The words nearest to each soft token'), tokens)];
    });
    ask('#cr-blend', (said) => server.blend({...said, share: Number(said.share) / 100}), (found) =>
      [make('h3', 'The model says'), quoted(found.said), make('h3', 'Nearest that exist'), make('p', found.near.join(' · '))]);
    try {
      const all = await server.titles({});
      one('#cr-all-titles')?.replaceChildren(...all.map(([title, year]) => Object.assign(document.createElement('option'), {value: year ? `${title} (${year})` : title})));
    } catch { /* a list is a help, not a need */ }
  };
  changed.push(parts);
}
