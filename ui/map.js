
// --- the taste map: points on a canvas; who likes what is read from the panel and the cards ------------------------
{
  const LIGHT = ['#3a5fc4', '#b8651b', '#b03055', '#1f7d69', '#8d4bb0', '#47791f', '#8a5136', '#0f7a99', '#94730a', '#7a6f66'];
  const DARK = ['#8fb0ff', '#f0a860', '#ff8fa8', '#6fd0b8', '#d0a0f0', '#a8d070', '#d8a080', '#70cbe8', '#e0c050', '#a89c90'];
  const canvas = () => one('#cr-map-canvas');
  const make = (tag, text = '', classes = '') => Object.assign(document.createElement(tag), {textContent: text, className: classes});
  let data = null, asked = false, chosen = null, over = null, you = null, space = 'taste', by = 'kind', hidden = new Set(), drag = null, pinch = 0, due = false;
  let view = {x: 0.5, y: 0.5, zoom: 1};
  let mine = {liked: new Set(), disliked: new Set(), slate: [], key: ''};

  let measured = [0, 0];  // width and height: asked of the browser once a frame, not once a point
  const measure = () => { const box = canvas().getBoundingClientRect(); measured = [box.width, box.height]; };
  const size = () => measured;
  const scale = () => { const [w, h] = size(); return Math.min(w, h * 1.35) * 0.92 * view.zoom; };
  const toScreen = (x, y) => { const [w, h] = size(), s = scale(); return [w / 2 + (x - view.x) * s, h / 2 + (y - view.y) * s / 1.35]; };
  const toMap = (px, py) => { const [w, h] = size(), s = scale(); return [view.x + (px - w / 2) / s, view.y + (py - h / 2) * 1.35 / s]; };
  const colour = (kind) => (document.querySelector('.dark') ? DARK : LIGHT).at(kind < 0 ? -1 : kind);
  const names = () => by === 'mood' ? data.moods : data.kinds;
  const shown = (item) => !hidden.has(item[by]);

  // What is known, from what the page already shows.
  const readMine = () => {
    const values = (name) => new Set([...document.querySelectorAll(`#cr-panel [name=cr-remove-${name}]`)].map((b) => b.value));
    const [liked, disliked, slate] = [values('liked'), values('disliked'), slateIds()];
    return {liked, disliked, slate, key: JSON.stringify([space, [...liked], [...disliked], slate])};
  };
  const refresh = async () => {
    if (document.body.dataset.crTab !== 'map' || !data) return;
    const now = readMine();
    if (now.key === mine.key) return;
    mine = now;
    draw();
    let at = null;
    try { at = await server.person({space, liked: [...now.liked], disliked: [...now.disliked]}); } catch { /* not shown */ }
    if (mine !== now) return;
    const from = you;
    glide((part) => { you = at && from ? at.map((to, axis) => from[axis] + (to - from[axis]) * part) : at; });
  };

  // What moves, moves for half a second, and not at all where motion is not wanted.
  const glide = (put) => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) { put(1); return draw(); }
    const began = performance.now();
    const on = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 600));
      put(part * part * (3 - 2 * part));
      draw();
      if (part < 1) requestAnimationFrame(on);
    };
    requestAnimationFrame(on);
  };
  // Lay all items out in the space that was chosen.
  const lay = async () => {
    const wanted = space, card = one('#cr-map-card');
    card.textContent = 'Drawing the map. The first time, this takes up to a few minutes.';
    const places = await server.layout({space: wanted});
    card.textContent = '';
    if (space !== wanted) return;
    const first = data.items.length && data.items[0].x === undefined;
    const from = data.items.map((item) => [item.x, item.y]);
    const put = (part) => data.items.forEach((item, n) => { [item.x, item.y] = first ? places[n] : places[n].map((to, axis) => from[n][axis] + (to - from[n][axis]) * part); });
    if (first) put(1); else glide(put);
  };

  const draw = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; paint(); }); } };
  const paint = () => {
    const field = canvas();
    if (!field || !data || data.items[0]?.x === undefined || !field.clientWidth) return;
    measure();
    const [w, h] = size(), dots = window.devicePixelRatio || 1, style = getComputedStyle(field);
    if (field.width !== Math.round(w * dots) || field.height !== Math.round(h * dots)) [field.width, field.height] = [w * dots, h * dots];
    const pen = field.getContext('2d'), ink = style.color, paper = style.getPropertyValue('--cr-surface');
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, w, h);
    const crowd = Math.min(1, Math.sqrt(1600 / data.items.length)), size_ = Math.max(1.3, 3 * crowd) * Math.min(2.2, Math.sqrt(view.zoom));
    const inside = [];
    for (const item of data.items) {
      const [x, y] = toScreen(item.x, item.y);
      if (x < -20 || y < -20 || x > w + 20 || y > h + 20) continue;
      if (shown(item)) inside.push([item, x, y]);
    }
    pen.globalAlpha = 0.72;
    for (let kind = -1; kind < names().length; kind++) {
      pen.beginPath();
      for (const [item, x, y] of inside) if (item[by] === kind) { pen.moveTo(x + size_, y); pen.arc(x, y, size_, 0, 7); }
      pen.fillStyle = colour(kind);
      pen.fill();
    }
    pen.globalAlpha = 1;
    // The best known have their names written, as many as there is room for.
    const taken = [];
    const write = (text, x, y, strong) => {
      pen.font = `${strong ? '600 13px' : '11.5px'} system-ui, sans-serif`;
      const width = pen.measureText(text).width;
      const left = x + 9 + width > w ? x - 9 - width : x + 9;
      const boxed = (top) => [left - 3, top - 9, left + width + 3, top + 9];
      const clear = (box) => !taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
      const found = (strong ? [0, 16, -16, 32, -32, 48, -48, 64, -64] : [0]).find((down) => clear(boxed(y + down)));
      if (found === undefined) return;
      y += found;
      taken.push(boxed(y));
      pen.lineWidth = 4; pen.lineJoin = 'round'; pen.strokeStyle = paper; pen.strokeText(text, left, y + 4);
      pen.fillStyle = ink; pen.fillText(text, left, y + 4);
    };
    const ring = (x, y, radius, stroke, fill) => {
      pen.beginPath(); pen.arc(x, y, radius, 0, 7);
      if (fill) { pen.fillStyle = fill; pen.fill(); }
      pen.lineWidth = 2.5; pen.strokeStyle = stroke; pen.stroke();
    };
    // No name is written over a mark.
    const mark = ([x, y], reach) => taken.push([x - reach, y - reach, x + reach, y + reach]);
    for (const [ids, reach] of [[mine.disliked, 6], [mine.liked, 6], [mine.slate, 10]])
      for (const id of ids) if (data.byId.has(id)) mark(toScreen(data.byId.get(id).x, data.byId.get(id).y), reach);
    if (you) mark(toScreen(...you), 12);
    const green = colour(5), red = colour(2), accent = style.getPropertyValue('--cr-accent');
    for (const id of mine.disliked) if (data.byId.has(id)) {
      const item = data.byId.get(id), [x, y] = toScreen(item.x, item.y);
      pen.beginPath(); pen.moveTo(x - 6, y - 6); pen.lineTo(x + 6, y + 6); pen.moveTo(x + 6, y - 6); pen.lineTo(x - 6, y + 6);
      pen.lineWidth = 3; pen.strokeStyle = red; pen.stroke();
      write(item.title, x, y, true);
    }
    for (const id of mine.liked) if (data.byId.has(id)) {
      const item = data.byId.get(id), [x, y] = toScreen(item.x, item.y);
      ring(x, y, 6, ink, green);
      write(item.title, x, y, true);
    }
    mine.slate.forEach((id, place) => {
      const item = data.byId.get(id);
      if (!item) return;
      const [x, y] = toScreen(item.x, item.y);
      ring(x, y, 10, accent, paper);
      pen.font = '600 12px system-ui, sans-serif'; pen.fillStyle = accent; pen.textAlign = 'center';
      pen.fillText(String(place + 1), x, y + 4); pen.textAlign = 'left';
      if (!mine.liked.has(id)) write(item.title, x + 4, y, true);
    });
    if (you) {
      const [x, y] = toScreen(...you);
      pen.beginPath();
      for (let n = 0; n < 10; n++) { const r = n % 2 ? 5.5 : 13, a = Math.PI * (n / 5 - 0.5); pen.lineTo(x + r * Math.cos(a), y + r * Math.sin(a)); }
      pen.closePath(); pen.fillStyle = accent; pen.fill(); pen.lineWidth = 2; pen.strokeStyle = paper; pen.stroke();
      write('You', x + 6, y, true);
    }
    for (const item of new Set([over, chosen])) if (item) {
      const [x, y] = toScreen(item.x, item.y);
      ring(x, y, 8, ink);
      if (item === chosen) write(`${item.title}${item.year ? ` (${item.year})` : ''}`, x, y, true);
    }
    const room = Math.round(w * h / 16000 * Math.min(3, Math.sqrt(view.zoom)));
    let written = 0;
    for (const [item, x, y] of inside.slice(0, 400)) {
      if (written >= room) break;
      const before = taken.length;
      write(item.title, x, y, false);
      written += taken.length - before;
    }
  };

  const nearest = (px, py, reach = 14) => {
    let best = null, far = reach;
    for (const item of data?.items || []) {
      if (!shown(item)) continue;
      const [x, y] = toScreen(item.x, item.y), distance = Math.hypot(x - px, y - py);
      if (distance < far) [best, far] = [item, distance];
    }
    return best;
  };
  const choose = (item, centre = false) => {
    chosen = item;
    const card = one('#cr-map-card');
    card.replaceChildren();
    if (item) {
      const name = item.year ? `${item.title} (${item.year})` : item.title;
      const act = (label, action, value) => Object.assign(make('button', label, 'cr-quiet'), {type: 'button', name: action, value});
      card.append(make('strong', name), make('span', [data.kinds[item.kind], data.moods[item.mood]].filter(Boolean).join(' · ')),
        act('Ask about it', 'cr-say', `Tell me about ${name}`), act('Something like it', 'cr-say', `Something like ${name}, please`),
        act('I like it', 'cr-mark-liked', item.ids[0]), act('Not for me', 'cr-mark-disliked', item.ids[0]));
      if (centre) Object.assign(view, {x: item.x, y: item.y, zoom: Math.max(view.zoom, 3)});
      const [x, y] = toScreen(item.x, item.y), [w, h] = size();
      if (x < 0 || y < 0 || x > w || y > h) Object.assign(view, {x: item.x, y: item.y});
    }
    draw();
  };
  const zoom = (factor, px, py) => {
    const [w, h] = size(), [x, y] = toMap(px ?? w / 2, py ?? h / 2);
    view.zoom = Math.min(40, Math.max(0.8, view.zoom * factor));
    const [after, below] = toMap(px ?? w / 2, py ?? h / 2);
    view.x += x - after; view.y += y - below;
    draw();
  };
  // The nearest item in a direction: what an arrow key goes to.
  const step = (dx, dy) => {
    const from = chosen || nearest(...size().map((v) => v / 2), 1e6);
    if (!from || !chosen) return choose(from);
    const [cx, cy] = toScreen(from.x, from.y);
    let best = null, least = Infinity;
    for (const item of data.items) {
      if (item === from || !shown(item)) continue;
      const [x, y] = toScreen(item.x, item.y), ahead = (x - cx) * dx + (y - cy) * dy, aside = Math.abs((x - cx) * dy) + Math.abs((y - cy) * dx);
      if (ahead > 0.5 && ahead + 2.5 * aside < least) [best, least] = [item, ahead + 2.5 * aside];
    }
    if (best) choose(best);
  };

  // The names of the colours; a press hides or shows what has one.
  const legend = () => {
    hidden = new Set();
    const all = [...names(), 'Other'];
    one('#cr-map-kinds').replaceChildren(...all.map((name, place) => {
      const kind = place < names().length ? place : -1, button = make('button', name, 'cr-kind');
      button.type = 'button';
      button.setAttribute('aria-pressed', 'true');
      button.style.setProperty('--cr-l', LIGHT.at(kind)); button.style.setProperty('--cr-d', DARK.at(kind));
      button.addEventListener('click', () => {
        if (!hidden.delete(kind)) hidden.add(kind);
        button.setAttribute('aria-pressed', String(!hidden.has(kind)));
        draw();
      });
      return button;
    }));
  };
  const begin = () => {
    const field = canvas(), at = (event) => { const box = field.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    const fingers = new Map();
    field.addEventListener('wheel', (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY / 400), ...at(event)); }, {passive: false});
    field.addEventListener('pointerdown', (event) => { field.setPointerCapture(event.pointerId); fingers.set(event.pointerId, at(event)); drag = {start: at(event), from: {...view}, moved: false}; pinch = 0; });
    field.addEventListener('pointermove', (event) => {
      const [x, y] = at(event);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, [x, y]);
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()], apart = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (pinch) zoom(apart / pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        pinch = apart;
        if (drag) drag.moved = true;
        return;
      }
      if (drag) {
        const [dx, dy] = [x - drag.start[0], y - drag.start[1]];
        if (Math.hypot(dx, dy) > 5) drag.moved = true;
        if (drag.moved && fingers.size === 1 && !pinch) { view.x = drag.from.x - dx / scale(); view.y = drag.from.y - dy * 1.35 / scale(); draw(); }
        return;
      }
      over = nearest(x, y);
      const tip = one('#cr-map-tip');
      tip.hidden = !over;
      field.style.cursor = over ? 'pointer' : 'grab';
      if (over) { tip.textContent = over.year ? `${over.title} (${over.year})` : over.title; tip.style.left = `${Math.min(x + 14, size()[0] - tip.offsetWidth - 6)}px`; tip.style.top = `${Math.max(y - 34, 4)}px`; }
      draw();
    });
    const lift = (event) => {
      fingers.delete(event.pointerId);
      if (event.type === 'pointerup' && drag && !drag.moved) choose(nearest(...at(event), event.pointerType === 'touch' ? 24 : 14));
      if (!fingers.size) { drag = null; pinch = 0; }
    };
    field.addEventListener('pointerup', lift);
    field.addEventListener('pointercancel', lift);
    field.addEventListener('pointerleave', () => { over = null; one('#cr-map-tip').hidden = true; draw(); });
    field.addEventListener('keydown', (event) => {
      const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
      if (way) step(...way);
      else if (event.key === '+' || event.key === '=') zoom(1.5);
      else if (event.key === '-') zoom(1 / 1.5);
      else if (event.key === 'Escape') choose(null);
      else if (event.key === 'Enter' && chosen) one('#cr-map-card button')?.click();
      else return;
      event.preventDefault();
    });
    const find = one('#cr-map-find'), wanted = () => find.value.trim().toLowerCase();
    const hits = () => data.items.filter((item) => item.search.includes(wanted())).sort((a, b) => b.search.startsWith(wanted()) - a.search.startsWith(wanted()));
    const exact = () => { const same = data.items.find((item) => item.search === wanted()); if (same) choose(same, true); };
    find.addEventListener('input', () => {
      if (wanted().length < 2) return;
      one('#cr-map-titles').replaceChildren(...hits().slice(0, 12).map((item) => Object.assign(document.createElement('option'), {value: item.year ? `${item.title} (${item.year})` : item.title})));
      exact();
    });
    find.addEventListener('keydown', (event) => { if (event.key === 'Enter' && wanted()) choose(hits()[0] || null, true); });
    one('#cr-map-space').addEventListener('change', async (event) => {
      const before = space;
      space = event.target.value;
      try { await lay(); await refresh(); } catch { space = event.target.value = before; one('#cr-map-card').textContent = 'Sorry, that map could not be drawn. Please try again.'; }
    });
    one('#cr-map-colour').addEventListener('change', (event) => { by = event.target.value; legend(); draw(); });
    legend();
    new ResizeObserver(draw).observe(field);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  };
  local['cr-map-in'] = () => zoom(1.6);
  local['cr-map-out'] = () => zoom(1 / 1.6);
  local['cr-map-all'] = () => { view = {x: 0.5, y: 0.5, zoom: 1}; draw(); };

  opened.map = async () => {
    if (asked) return data ? (refresh(), draw()) : undefined;
    asked = true;
    const card = one('#cr-map-card');
    card.textContent = 'Drawing the map. The first time, this takes up to a few minutes.';
    try {
      const found = await server.points({});
      const items = found.items.map(([ids, title, year, kind, mood]) => ({ids, title, year, kind, mood, search: `${title}${year ? ` (${year})` : ''}`.toLowerCase()}));
      data = {...found, items, byId: new Map(items.flatMap((item) => item.ids.map((id) => [id, item])))};
      await lay();
      card.textContent = '';
      measure();
      begin();
      await refresh();
      draw();
    } catch { asked = false; card.textContent = 'Sorry, the map could not be drawn. Open this tab again to try once more.'; }
  };
  changed.push(refresh);
}
