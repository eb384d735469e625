(() => {
  // A slider's handle has no name of its own, an alert must be tied to its field, the address carries the state,
  // and a link to a part of the page moves there without touching the address.
  if (window.calcNames) return;
  window.calcNames = true;
  const page = document.body.dataset.voila !== undefined;
  const name = () => {
    document.querySelectorAll('.calc-desk .noUi-handle').forEach(handle => {
      const row = handle.closest('.calc-row');
      const label = row && row.querySelector('.widget-text .widget-label');
      if (label) {
        const words = label.textContent + ', slider';
        if (handle.getAttribute('aria-label') !== words) handle.setAttribute('aria-label', words);
      }
    });
    document.querySelectorAll('.calc-desk .calc-field').forEach(field => {
      const input = field.querySelector('input:not([type=file]):not([type=radio]), select, textarea');
      const wrong = field.querySelector('.calc-wrong');
      if (!input) return;
      const bad = wrong ? 'true' : 'false';
      if (input.getAttribute('aria-invalid') !== bad) input.setAttribute('aria-invalid', bad);
      if (wrong) {
        wrong.id = wrong.id || 'calc-' + Math.random().toString(36).slice(2);
        if (input.getAttribute('aria-describedby') !== wrong.id) input.setAttribute('aria-describedby', wrong.id);
      } else if (input.hasAttribute('aria-describedby')) input.removeAttribute('aria-describedby');
    });
    document.querySelectorAll('.calc-desk .widget-radio').forEach(group => {
      const label = group.querySelector('.widget-label');
      if (label && group.getAttribute('role') !== 'radiogroup') {
        group.setAttribute('role', 'radiogroup');
        group.setAttribute('aria-label', label.textContent);
      }
    });
    document.querySelectorAll('.calc-desk .calc-more-button').forEach(button => {
      const open = String(button.textContent.trim() === 'Less');
      if (button.getAttribute('aria-expanded') !== open) button.setAttribute('aria-expanded', open);
    });
    const state = document.querySelector('.calc-desk [data-query]');
    if (page && state) {
      const token = new URLSearchParams(window.location.search).get('token');
      const query = [state.dataset.query, token ? 'token=' + encodeURIComponent(token) : ''].filter(Boolean).join('&');
      if (window.location.search.slice(1) !== query) {
        window.history.replaceState(null, '', window.location.pathname + (query ? '?' + query : ''));
      }
    }
  };
  if (page) {
    const title = document.querySelector('h1');
    if (title) document.title = title.textContent.replace('¶', '').trim();
    const cells = document.getElementById('rendered_cells');
    if (cells) cells.setAttribute('role', 'main');
    const facts = document.getElementById('jupyter-config-data');
    const kernel = facts && JSON.parse(facts.textContent).kernelId;
    if (kernel) {
      window.addEventListener('pagehide', () => {
        navigator.sendBeacon('/voila/api/shutdown/' + kernel, new FormData());
      });
    }
    document.documentElement.lang = document.documentElement.lang || 'en';
  }
  document.addEventListener('click', event => {
    const link = event.target.closest('.calc-desk [data-goto]');
    if (!link) return;
    event.preventDefault();
    const part = link.closest('.calc-desk').querySelector('.' + link.dataset.goto);
    part.tabIndex = -1;
    part.focus({preventScroll: true});
    part.scrollIntoView();
  });
  let due = false;
  new MutationObserver(() => {
    if (!due) { due = true; requestAnimationFrame(() => { due = false; name(); }); }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-query']});
  name();
})();
