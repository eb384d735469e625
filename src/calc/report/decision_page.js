// @ts-check
// Chooses among the prepared states and draws their rows. It computes nothing: every word was written beforehand.
(() => {
  'use strict';
  /**
   * @typedef {{name: string, label: string, first: string, choices: [string, string][]}} Axis
   * @typedef {[number[], [number, number[]][], number[], number[], number[]]} State
   *   opening, groups (a text, and rows), where the views differ, notes, questions
   * @typedef {{axes: Axis[], texts: string[], rows: number[][], states: State[]}} Prepared
   */
  const MOST = 3;

  /** @param {string} id @returns {HTMLElement} */
  const at = id => /** @type {HTMLElement} */ (document.getElementById(id));

  /** @type {Prepared} */
  const prepared = JSON.parse(at('calc-prepared').textContent || '');
  const { axes, texts, rows, states } = prepared;
  const selects = axes.map(axis => /** @type {HTMLSelectElement} */ (at('calc-' + axis.name)));
  const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('#calc-options input')]);
  const notes = /** @type {HTMLTextAreaElement} */ (at('calc-my-notes'));

  /** The place of the chosen state: the last axis turns fastest. */
  const place = () => axes.reduce((sum, axis, i) => sum * axis.choices.length + selects[i].selectedIndex, 0);

  const beside = () => boxes.filter(box => box.checked).map(box => box.value);

  /** @param {number[]} places @param {string} tag */
  const wrapped = (places, tag) => places.map(each => `<${tag}>${texts[each]}</${tag}>`).join('');

  /** Whether a row is shown: all are, unless some options are ticked; doing nothing stays beside them.
   * @param {number[]} row @param {string[]} ticked */
  const shows = (row, ticked) =>
    !ticked.length || ticked.includes(texts[row[0]]) || texts[row[0]] === at('calc-options').dataset.usual;

  /** @param {number[]} row */
  const drawn = row => `<tr>${row.slice(1).map(each => texts[each]).join('')}</tr>`;

  /** @param {[number, number[]][]} groups @param {string[]} ticked */
  const bodies = (groups, ticked) => groups.map(([head, members]) => {
    const shown = members.map(each => rows[each]).filter(row => shows(row, ticked));
    return shown.length
      ? `<tbody><tr class="calc-group">${texts[head]}</tr>${shown.map(drawn).join('')}</tbody>` : '';
  }).join('');

  const words = () => {
    const chosen = axes.map((axis, i) => `${axis.label}: ${axis.choices[selects[i].selectedIndex][1]}`);
    const count = beside().length;
    return chosen.join('. ') + '.' + (count ? ` Options side by side: ${count}.` : '');
  };

  const draw = () => {
    const [opening, groups, differences, said, questions] = states[place()];
    const table = /** @type {HTMLTableElement} */ (document.querySelector('#calc-table table'));
    [...table.tBodies].forEach(body => body.remove());
    table.insertAdjacentHTML('beforeend', bodies(groups, beside()));
    at('calc-opening').innerHTML = wrapped(opening, 'p');
    at('calc-differences').innerHTML = wrapped(differences, 'li');
    at('calc-differ').hidden = !differences.length;
    at('calc-said').innerHTML = wrapped(said, 'p');
    at('calc-questions').innerHTML = wrapped(questions, 'li');
    at('calc-status').textContent = words();
    const full = beside().length >= MOST;
    boxes.forEach(box => { box.disabled = full && !box.checked; });
  };

  const write = () => {
    const state = new URLSearchParams(axes.map((axis, i) => [axis.name, selects[i].value]));
    if (beside().length) state.set('options', beside().join(','));
    history.replaceState(null, '', '#' + state);
  };

  /** Take the state from the address; what it does not know stays as the page begins. */
  const read = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    axes.forEach((axis, i) => {
      const names = axis.choices.map(([name]) => name);
      const asked = state.get(axis.name) || '';
      selects[i].value = names.includes(asked) ? asked : axis.first;
    });
    const ticked = (state.get('options') || '').split(',').slice(0, MOST);
    boxes.forEach(box => { box.checked = ticked.includes(box.value); });
    draw();
  };

  at('calc-controls').addEventListener('change', () => { draw(); write(); });
  at('calc-controls').addEventListener('submit', event => event.preventDefault());
  at('calc-all').addEventListener('click', () => {
    boxes.forEach(box => { box.checked = false; });
    draw();
    write();
  });
  at('calc-print').addEventListener('click', () => window.print());
  window.addEventListener('hashchange', read);
  // a box of text prints what is seen of it, so it grows with what is written
  notes.addEventListener('input', () => {
    notes.style.height = 'auto';
    notes.style.height = notes.scrollHeight + 'px';
  });
  at('calc-controls').hidden = false;
  read();
})();
