
// --- evaluation: scripted conversations played live, and the last report ---------------------------------------------
{
  const make = (tag, text = '', ...inside) => { const made = document.createElement(tag); made.textContent = text; made.append(...inside); return made; };
  let looking = false, begun = false;

  const draw = (found) => {
    const out = one('#cr-play-out'), bar = out.querySelector('progress'), figures = out.querySelector('.cr-figures');
    const stop = one('[name=cr-play-stop]'), play = one('#cr-play button');
    stop.hidden = !found.running;
    play.disabled = found.running;
    bar.hidden = !found.total;
    bar.max = found.total || 1;
    bar.value = found.done;
    if (found.problem) { figures.replaceChildren(make('p', found.problem)); return; }
    if (!found.done) { figures.textContent = found.running ? 'Playing the first one…' : ''; return; }
    const sum = found.summary, state = found.running ? `${found.done} of ${found.total} played` : found.cancelled && found.done < found.total ? `Stopped after ${found.done} of ${found.total}` : `All ${found.total} played`;
    const line = `${state}: ${sum.passed} of ${sum.scenarios} conversations pass, ${sum.checks_passed} of ${sum.checks} checks. A reply takes ${sum.latency_p50_s.toFixed(2)} s, the slow ones ${sum.latency_p95_s.toFixed(2)} s (median, 95th percentile).`;
    if (!found.running) out.querySelector('[role=status]').textContent = line;
    const head = make('tr', '', ...['Conversation', 'Checks', 'Slowest reply', 'What failed'].map((name) => Object.assign(make('th', name), {scope: 'col'})));
    const rows = found.rows.map((row) => {
      const name = make('th', row.id);
      name.scope = 'row';
      const made = make('tr', '', name, make('td', `${row.checks - row.failed.length} of ${row.checks}`), make('td', `${row.seconds.toFixed(2)} s`), make('td', row.failed.join('; ') || '–'));
      if (row.failed.length) made.className = 'cr-failed';
      return made;
    });
    figures.replaceChildren(make('p', line), make('table', '', make('thead', '', head), make('tbody', '', ...rows)));
  };
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      for (let found = await server.look({}); ; found = await server.look({})) {
        draw(found);
        if (!found.running || document.body.dataset.crTab !== 'evaluation') break;
        await new Promise((done) => setTimeout(done, 500));
      }
    } catch { one('#cr-play-out .cr-figures').textContent = 'Sorry, that did not work. Please try again.'; }
    looking = false;
  };
  local['cr-play-stop'] = async () => { try { draw(await server.cancel({})); } catch { /* the next look shows it */ } };

  const report = async () => {
    const place = one('#cr-report');
    let found;
    try { found = await server.report({}); } catch { found = {problem: 'Sorry, the report could not be read.'}; }
    if (found.problem) { place.textContent = found.problem; return; }
    const frame = document.createElement('iframe');
    frame.title = 'The last report';
    frame.setAttribute('sandbox', '');  // it may run nothing, and belongs to nobody
    frame.srcdoc = found.html;
    place.replaceChildren(frame);
  };

  opened.evaluation = () => {
    look();
    report();
    if (begun) return;
    begun = true;
    one('#cr-play').addEventListener('submit', async (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(event.target));
      let found;
      try { found = await server.play({file: said.file, count: Number(said.count)}); } catch { found = {problem: 'Sorry, that did not work. Please try again.'}; }
      draw({done: 0, total: 0, rows: [], ...found});
      look();
    });
  };
}
