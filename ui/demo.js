
// --- the guided tour: plays its script on the real page; a key or a click of the person takes over at any moment ------
{
  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
  const bar = () => one('#cr-demo');
  const say = (at, title, caption) => { bar().querySelector('.cr-demo-at').textContent = at; one('#cr-demo-title').textContent = title; one('#cr-demo-caption').textContent = caption; };
  const label = (name, text) => { const button = one(`[name=cr-demo-${name}]`); button.hidden = !text; if (text) button.textContent = text; };
  let tour = null, at = 0, run = 0, state = 'before', skip = false, stepping = false;

  // The three buttons say what they do now.
  const buttons = () => {
    label('play', {before: 'Start the tour', playing: 'Pause', paused: 'Go on', taken: 'Go on with the tour', over: 'Start again'}[state]);
    label('next', state === 'playing' || state === 'paused' ? 'Next' : '');
    label('stop', {before: 'Just talk', over: 'Close', taken: 'End the tour'}[state] || 'Stop, and take over');
  };
  const become = (now) => { state = now; buttons(); };
  const unlit = () => document.querySelectorAll('.cr-lit').forEach((element) => element.classList.remove('cr-lit'));
  const light = (selector) => {
    unlit();
    const element = selector && one(selector);
    if (!element) return;
    element.classList.add('cr-lit');
    element.scrollIntoView({block: 'nearest', behavior: calm() ? 'auto' : 'smooth'});
  };

  const STOPPED = Symbol('stopped');
  const tick = (mine) => new Promise((done, stop) => setTimeout(() => mine === run ? done() : stop(STOPPED), 40));
  // Time that stands still while the tour is paused, and is over at once when Next is pressed.
  const wait = async (mine, ms) => {
    for (let left = ms; left > 0 || (state === 'paused' && !stepping);) {
      if (skip) return;
      await tick(mine);
      if (state === 'playing' || stepping) left -= 40;
    }
  };
  const until = async (mine, ready, longest) => {
    for (const end = performance.now() + longest; !ready() && performance.now() < end;) await tick(mine);
  };
  const put = (field, text) => { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true})); };
  const type = async (mine, field, text) => {
    if (!calm()) for (let end = 1; end < text.length && !skip; end++) { put(field, text.slice(0, end)); await wait(mine, 40); }
    put(field, text);
  };

  const act = async (mine, step) => {
    showTab(step.tab);
    if (step.tab === 'map') await until(mine, () => one('#cr-map-kinds button'), 240000);
    if (step.say) {
      const before = document.querySelectorAll('#cr-chat .cr-said').length;
      await until(mine, () => !one('#cr-chat .cr-live'), 60000);
      await type(mine, one('#cr-box textarea'), step.say);
      await wait(mine, 400);
      one('#cr-box .submit-button').click();
      await until(mine, () => document.querySelectorAll('#cr-chat .cr-said').length > before && !one('#cr-chat .cr-live'), 90000);
    } else if (step.press) {
      const buttons = [...document.querySelectorAll(`#cr-chat .bot-row [name=cr-mark-${step.press}]`)], ids = slateIds();
      buttons.filter((button) => button.value === ids[step.card - 1]).at(-1)?.click();
      await wait(mine, 900);
    } else if (step.form) {
      const form = one(`#cr-${step.form.name}`), out = one(`#cr-${step.form.name}-out`);
      form.scrollIntoView({block: 'center', behavior: calm() ? 'auto' : 'smooth'});
      for (const [name, text] of Object.entries(step.form.values)) await type(mine, form.elements[name], text);
      form.requestSubmit();
      await until(mine, () => out.children.length && !form.querySelector('button').disabled, 90000);
    }
  };

  const play = async () => {
    const mine = ++run;
    become('playing');
    try {
      if (!at) {  // the tour's visitor begins without a past
        trigger('click', {name: 'cr-forget', value: ''});
        await until(mine, () => !one('.cr-said'), 15000);
      }
      while (at < tour.steps.length) {
        const step = tour.steps[at];
        unlit();
        say(`${at + 1} of ${tour.steps.length}`, step.title, '');
        await act(mine, step);
        stepping = skip = false;
        say(`${at + 1} of ${tour.steps.length}`, step.title, step.caption);
        await tick(mine);  // the chat follows the last message when the page changes, and would scroll away
        light(step.look);
        await wait(mine, 1000 * step.seconds);
        at += 1;
        stepping = skip && state === 'paused';
        skip = false;
      }
      at = 0;
      become('over');
    } catch (reason) { if (reason !== STOPPED) throw reason; }
  };
  // The person's own key or click: the tour lets go, and the conversation simply goes on.
  const takeOver = () => {
    if (state !== 'playing' && state !== 'paused') return;
    run += 1;
    unlit();
    at = Math.min(at + 1, tour.steps.length - 1);
    say('', 'Over to you', 'The tour waits. The conversation is real and goes on from here.');
    become('taken');
  };
  const close = () => {
    run += 1;
    unlit();
    bar().hidden = true;
    measure();
    showTab('chat');
    one('#cr-box textarea')?.focus();
  };
  const toggle = () => {
    if (state === 'playing') become('paused');
    else if (state === 'paused') become('playing');
    else play();
  };
  local['cr-demo-play'] = toggle;
  local['cr-demo-next'] = () => { skip = true; };
  local['cr-demo-stop'] = () => (state === 'playing' || state === 'paused' ? takeOver() : close());

  const measure = () => document.documentElement.style.setProperty('--cr-demo', bar().hidden ? '0px' : `${bar().offsetHeight}px`);
  const touched = (event) => {
    if (!event.isTrusted || bar().hidden || bar().contains(event.target)) return;
    if (event.type === 'keydown' && event.target === document.body) {  // a presenter's remote, or keys beside any field
      const does = {PageDown: local['cr-demo-next'], ArrowRight: local['cr-demo-next'], ' ': toggle, Escape: takeOver}[event.key];
      if (does && state !== 'before') { event.preventDefault(); does(); }
      return;
    }
    if (!['Tab', 'Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) takeOver();
  };
  document.addEventListener('keydown', touched, {capture: true, signal: off.signal});
  document.addEventListener('pointerdown', touched, {capture: true, signal: off.signal});

  let begun = false;
  changed.push(async () => {
    if (begun || !bar() || !one('#cr-box textarea')) return;
    begun = true;
    document.documentElement.classList.add('cr-large');
    try { tour = await server.script({}); } catch { begun = false; return; }
    const minutes = Math.max(1, Math.round(tour.steps.reduce((sum, step) => sum + step.seconds + 5, 0) / 60));
    say(`Guided tour · ${tour.steps.length} steps, about ${minutes} minutes`, tour.title, tour.welcome);
    bar().hidden = false;
    buttons();
    new ResizeObserver(measure).observe(bar());
    one('[name=cr-demo-play]').focus();
  });
}
