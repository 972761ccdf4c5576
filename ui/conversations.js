
// The list of conversations: a column where there is room, a drawer where there is not.
const drawer = matchMedia('(max-width: 1100px)');
const listed = () => document.body.dataset.crList === 'open';
const showList = (open, keep = true) => {
  document.body.dataset.crList = open ? 'open' : 'closed';
  one('#cr-list-button')?.setAttribute('aria-expanded', open);
  if (keep && !drawer.matches) try { localStorage.setItem('chatrec-list', open ? 'open' : 'closed'); } catch { /* it may be forbidden */ }
};
local['cr-list'] = () => {
  const open = !listed() || document.body.dataset.crTab && document.body.dataset.crTab !== 'chat';
  showTab('chat');
  showList(open);
  (open ? one('#cr-conversations [aria-current="true"]') || one('#cr-conversations [name=cr-new]') : one('#cr-list-button'))?.focus();
};
document.addEventListener('click', (event) => {
  if (drawer.matches && listed() && !event.target.closest('#cr-list, #cr-list-button, dialog')) showList(false);
}, {signal: off.signal, capture: true});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && drawer.matches && listed() && !one('dialog[open]') && event.target.name !== 'cr-title') {
    showList(false);
    one('#cr-list-button').focus();
  }
}, {signal: off.signal});

// Once the list is read, it stands open where there is room for it and something in it, unless it was closed before.
changed.push(() => {
  if (document.body.dataset.crList || !one('#cr-conversations:not(.cr-unread)')) return;
  let before = null;
  try { before = localStorage.getItem('chatrec-list'); } catch { /* it may be forbidden */ }
  const room = matchMedia('(min-width: 1280px)').matches && one('.cr-past');
  showList(!drawer.matches && (before ? before === 'open' : Boolean(room)), false);
});

// A title is changed in its place: Enter or leaving the field keeps it, Escape does not.
local['cr-ask-rename'] = (button) => {
  const title = button.closest('.cr-past').querySelector('.cr-open'), field = document.createElement('input');
  Object.assign(field, {value: title.textContent, maxLength: 80, className: 'cr-title', name: 'cr-title', ariaLabel: 'Title'});
  let done = false;
  const end = (keep) => {
    if (done) return;
    done = true;
    const text = field.value.trim();
    field.remove();
    title.hidden = false;
    if (keep && text && text !== title.textContent) {
      title.firstElementChild.textContent = text;
      pressed = button.id;
      trigger('click', {name: `cr-rename-${button.value}`, value: text});
    }
    button.focus();
  };
  field.addEventListener('keydown', (event) => { if (['Enter', 'Escape'].includes(event.key)) { event.stopPropagation(); end(event.key === 'Enter'); } });
  field.addEventListener('blur', () => setTimeout(() => field.isConnected && end(true)));  // not while the list is being redrawn
  title.hidden = true;
  title.before(field);
  field.select();
  field.focus();
};
local['cr-ask-delete'] = (button) => {
  const dialog = one('#cr-delete');
  dialog.querySelector('b').textContent = button.closest('.cr-past').querySelector('.cr-open').textContent;
  dialog.querySelector('[name=cr-delete]').value = button.value;
  dialog.showModal();
};
