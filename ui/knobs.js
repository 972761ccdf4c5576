
// Sliders say what they mean while they move; the server hears of it when they rest.
const resting = {};
const sayKnob = (slider) => {
  const box = slider.closest('.cr-knob'), said = box.querySelector('output'), sliders = box.querySelectorAll('input');
  if (slider.dataset.words) {
    said.textContent = slider.dataset.words.split('|')[slider.value - slider.min];
    slider.setAttribute('aria-valuetext', said.textContent);
    return;
  }
  const [low, high] = sliders;
  if (+low.value > +high.value) (slider === low ? high : low).value = slider.value;
  const from = low.value !== low.min && low.value, to = high.value !== high.max && high.value;
  said.textContent = from && to ? (from === to ? from : `${from} to ${to}`) : from ? `from ${from} on` : to ? `up to ${to}` : 'any';
};
document.addEventListener('input', (event) => {
  if (event.target.matches?.('.cr-knob input')) sayKnob(event.target);
}, {signal: off.signal});
document.addEventListener('change', (event) => {
  const slider = event.target;
  if (!slider.matches?.('.cr-knob input')) return;
  clearTimeout(resting[slider.id]);  // a key held down moves it many times
  resting[slider.id] = setTimeout(() => {
    pressed = slider.id;
    trigger('click', {name: slider.id.replace('cr-knob-', 'cr-tune-'), value: slider.value});
  }, 350);
}, {signal: off.signal});
