
// --- behind the words: readings, blends, the model's Yes, the parts of a score and the steps of a turn ---------------------------------------------------
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

  // The steps of the last turn, by the person's own id, which only the server knows.
  let traced = null;
  const trace = () => {
    if (document.body.dataset.crTab !== 'words' || one('#cr-chat .cr-live')) return;
    const now = document.querySelectorAll('#cr-chat .cr-said').length + (one('#cr-chat .message-wrap')?.textContent.length || 0) * 1000;
    if (now === traced) return;
    traced = now;
    trigger('trace', {});
  };
  window.chatrecTrace = (text) => {
    let steps = [];
    try { steps = JSON.parse(text).steps; } catch { /* said below */ }
    const out = one('#cr-trace');
    if (!out) return;
    if (!steps.length) { out.textContent = 'Say something in the chat, and its steps stand here.'; return; }
    const most = Math.max(...steps.map((step) => step[2]), 0.1);
    const rows = steps.map(([name, found, time, inside]) => {
      const bar = classed(make('span'), 'cr-bar');
      bar.style.setProperty('--cr-w', `${100 * time / most}%`);
      const head = classed(make('th', name), inside ? 'cr-inside' : '');
      head.scope = 'row';
      return make('tr', '', head, make('td', found), make('td', '', bar), make('td', `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`));
    });
    out.replaceChildren(make('table', '', make('tbody', '', ...rows)));
  };

  const ask = (id, work, draw) => one(id)?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.target, out = one(`${id}-out`), button = form.querySelector('button');
    button.disabled = true;
    out.replaceChildren(classed(make('p', 'Reading…'), 'cr-soft'));
    let found;
    try { found = await work(Object.fromEntries(new FormData(form)), form); } catch { found = {problem: 'Sorry, that did not work. Please try again.'}; }
    button.disabled = false;
    out.replaceChildren(...(found.problem ? [make('p', found.problem)] : draw(found)));
  });
  const quoted = (text) => classed(make('blockquote', text || '(It says nothing.)'), 'cr-quoted');

  let begun_ = false;
  // Likes are added one by one; another title to ask about begins anew.
  let likes = {of: '', names: []};
  const yes = async (said, form) => {
    const names = said.one === likes.of ? likes.names : [];
    const found = await server.like({one: said.one, liked: [...names, said.like].slice(-8)});
    if (!found.problem) { likes = {of: said.one, names: [...names, said.like].slice(-8)}; form.elements.like.value = ''; }
    return found;
  };
  const ladder = (found) => {
    const rows = found.steps.map(([name, share], place) => {
      const bar = classed(make('span'), 'cr-bar');
      bar.style.setProperty('--cr-w', `${100 * share}%`);
      const cells = [make('th', `${place ? 'and ' : ''}likes ${name}`), make('td', '', bar), make('td', `${Math.round(100 * share)}%`)];
      cells[0].scope = 'row';
      const gone = Object.assign(classed(make('button', 'Take out'), 'cr-small'), {type: 'button', name: 'cr-unlike', value: String(place)});
      gone.setAttribute('aria-label', `Take out ${name}`);
      return make('tr', '', ...cells, make('td', '', gone));
    });
    return [classed(make('table', '', make('caption', `Will they like ${found.name}?`), make('tbody', '', ...rows)), 'cr-ladder')];
  };
  local['cr-unlike'] = async (button) => {
    likes.names.splice(Number(button.value), 1);
    let found;
    try { found = await server.like({one: likes.of, liked: likes.names}); } catch { return; }
    if (!found.problem) one('#cr-like-out').replaceChildren(...ladder(found));
    one('#cr-like input[name=like]').focus();
  };

  opened.words = async () => {
    parts();
    trace();
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
    ask('#cr-towards', (said) => server.towards({...said, share: Number(said.share) / 100}), (found) =>
      [make('h3', 'The model says'), quoted(found.said), make('h3', 'Nearest that exist'), make('p', found.near.join(' · '))]);
    ask('#cr-like', yes, ladder);
    try {
      const all = await server.titles({});
      one('#cr-all-titles')?.replaceChildren(...all.map(([title, year]) => Object.assign(document.createElement('option'), {value: year ? `${title} (${year})` : title})));
    } catch { /* a list is a help, not a need */ }
  };
  changed.push(parts, trace);
}
