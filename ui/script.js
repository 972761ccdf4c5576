const one = (selector) => document.querySelector(selector);
const log = () => one('#cr-chat [role="log"]');
const local = {
  'cr-show-known': () => { one('#cr-known')?.scrollIntoView(); one('#cr-known')?.focus({preventScroll: true}); },
  'cr-ask-forget': () => one('#cr-forget')?.showModal(),
  'cr-match': (button) => button.focus(),  // its explanation is seen as long as it has the focus
  'cr-keep': () => one('dialog[open]')?.close(),
  'cr-tab': (button) => showTab(button.value),
  'cr-copy': (button) => copy(button),
};
const stored = (use) => { try { return use(sessionStorage); } catch { return null; } };  // it may be forbidden
const squeezed = (text) => (text || '').replace(/\s/g, '');
const opened = {};  // what each tab does when it is opened
const changed = [];  // what the tabs do when the page has changed
const slateIds = () => {
  const last = [...document.querySelectorAll('#cr-chat [data-testid="bot"]')].filter((message) => message.querySelector('.cr-card .cr-more')).at(-1);
  return last ? [...last.querySelectorAll('[name=cr-compare]')].map((button) => button.value) : [];
};
let pressed = null, following = false, count = 0, begun = false;

const showTab = (name) => {
  document.body.dataset.crTab = name;
  for (const tab of document.querySelectorAll('[name=cr-tab]')) tab.setAttribute('aria-current', tab.value === name ? 'page' : 'false');
  opened[name]?.();
};

window.chatrecOff?.();
const off = new AbortController();
window.chatrecOff = () => { off.abort(); watcher.disconnect(); };

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[name^="cr-"]');
  if (!button || button.classList.contains('cr-pending')) return;
  if (local[button.name]) return local[button.name](button);
  one('dialog[open]')?.close();
  button.closest('details.cr-not')?.removeAttribute('open');
  if (button.name === 'cr-forget') stored((store) => store.removeItem('chatrec-draft'));
  button.classList.add('cr-pending');  // no second press until the page has changed, or has had its time
  setTimeout(() => button.classList.remove('cr-pending'), 1200);
  pressed = button.id || button.name;
  if (['cr-say', 'cr-new', 'cr-open'].includes(button.name)) { showTab('chat'); if (drawer.matches) showList(false); }
  if (button.name === 'cr-export') trigger('export', {});
  else trigger('click', {name: button.name, value: button.value});
}, {signal: off.signal});

// A file of ratings is read here and goes to the server as text. Older exports are not UTF-8.
const LARGEST = 5_000_001;
document.addEventListener('change', async (event) => {
  const file = event.target.id === 'cr-file' && event.target.files[0];
  if (!file) return;
  const bytes = await file.slice(0, LARGEST).arrayBuffer();
  let text;
  try { text = new TextDecoder('utf-8', {fatal: true}).decode(bytes); } catch { text = new TextDecoder('windows-1252').decode(bytes); }
  event.target.value = '';
  trigger('click', {name: 'cr-import', value: text});
}, {signal: off.signal});

// An answer as plain text: its words, then each card's title and reason.
const copy = async (button) => {
  const part = (from, selector) => from.querySelector(selector)?.innerText.trim() || '';
  const message = button.closest('[data-testid="bot"]');
  const cards = [...message.querySelectorAll('.cr-card')].map((card) => `- ${part(card, 'h3')}: ${part(card, '.cr-reason')}`);
  const text = [part(message, '.cr-reply'), ...cards].filter(Boolean).join('\n');
  try { await navigator.clipboard.writeText(text); } catch {  // pages that are not on localhost may not use it
    const field = document.body.appendChild(document.createElement('textarea'));
    field.value = text;
    field.select();
    document.execCommand('copy');
    field.remove();
    button.focus();
  }
  const label = button.firstChild, before = label.data;
  label.data = 'Copied';
  setTimeout(() => { label.data = before; }, 1500);
};

// A press re-draws its card, and a removal takes its own button away: the keyboard must not lose its place.
const keepPlace = () => {
  if (!pressed || document.activeElement !== document.body) return;
  const touch = matchMedia('(pointer: coarse)').matches;  // there, the box would bring up the keyboard
  const near = pressed.startsWith('cr-known-') ? '#cr-known' : touch ? '#cr-chat [role="log"]' : '#cr-box textarea';
  (document.getElementById(pressed) || one(near))?.focus({preventScroll: true});
};

// What is typed but not sent outlives a reload, such as Gradio's own after the server was away.
const keepDraft = () => {
  const field = one('#cr-box textarea'), draft = stored((store) => store.getItem('chatrec-draft'));
  begun = Boolean(field);
  if (!field || field.value || !draft) return;
  field.value = draft;
  field.dispatchEvent(new Event('input', {bubbles: true}));
};
document.addEventListener('input', (event) => {
  if (event.target.matches?.('#cr-box textarea')) stored((store) => store.setItem('chatrec-draft', event.target.value));
}, {signal: off.signal});

// The last message stays at the top while its answer grows, until the person scrolls.
const keepInView = (box) => {
  const said = box.querySelectorAll('.cr-said');
  if (said.length > count) {
    following = true;
    const sent = squeezed(said[said.length - 1].textContent);
    stored((store) => squeezed(store.getItem('chatrec-draft')) === sent && store.removeItem('chatrec-draft'));
  }
  count = said.length;
  if (!following || !count) return;
  const top = said[count - 1].getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 12;
  box.scrollTop = Math.min(top, box.scrollHeight - box.clientHeight);
};

const watcher = new MutationObserver(() => {
  const box = log();
  if (!box) return;
  one('#cr-box .submit-button')?.setAttribute('aria-label', 'Send');
  const stop = one('#cr-box .stop-button');
  if (stop && stop.name !== 'cr-stop') { stop.name = 'cr-stop'; stop.setAttribute('aria-label', 'Stop'); }
  one('#cr-talk')?.classList.toggle('cr-busy', Boolean(one('#cr-chat .cr-live')));
  for (const message of box.querySelectorAll('[data-testid="user"], [data-testid="bot"]')) {
    // Gradio puts the message's whole source into its label
    const label = message.dataset.testid === 'user' ? 'You' : 'Answer';
    if (message.ariaLabel !== label) { message.role = 'group'; message.ariaLabel = label; }
  }
  if (!begun) keepDraft();
  if (box.tabIndex !== 0) {
    box.tabIndex = 0;
    box.setAttribute('aria-live', 'off');  // the panel's status line says each answer once, whole
    for (const kind of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      box.addEventListener(kind, () => { following = false; }, {passive: true, signal: off.signal});
  }
  const pair = one('#cr-compared:not([open])');
  if (pair) {
    pair.showModal();
    pair.addEventListener('cancel', (event) => { event.preventDefault(); pair.querySelector('[name=cr-uncompare]').click(); });
  }
  keepInView(box);
  keepPlace();
  for (const look of changed) look();
});
watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && event.target.closest?.('details.cr-not[open]');
  if (menu) { menu.open = false; menu.firstElementChild.focus(); return; }
  if (event.key === 'Escape' && event.target.closest?.('#cr-talk')) one('.cr-busy .stop-button')?.click();
}, {signal: off.signal});
document.addEventListener('focusin', (event) => {
  if (event.target.id !== pressed) pressed = null;
}, {signal: off.signal});
