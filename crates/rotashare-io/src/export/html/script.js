(() => {
const by = id => document.getElementById(id);
const all = (what, within = document) => [...within.querySelectorAll(what)];
const form = by('filters'), status = by('status');
const weeks = all('.week').map(week => ({
  week, w: week.dataset.w,
  rows: all('tbody tr', week).map(row => ({
    row, s: row.dataset.s,
    cells: all('td', row).map(cell => ({
      cell,
      items: all('li', cell).map(item => ({item, p: item.dataset.p, f: item.dataset.f}))
    }))
  }))
}));
const gaps = all('#gap-list tbody tr');
const apply = () => {
  const [w, s, f, p] = ['week', 'site', 'specialty', 'person'].map(id => by(id).value);
  const only = by('empty').checked;
  let shown = 0, empty = 0;
  for (const one of weeks) {
    let inWeek = 0;
    const on = !w || one.w === w;
    if (on) for (const {row, s: at, cells} of one.rows) {
      let inRow = 0;
      const here = !s || at === s;
      for (const {cell, items} of cells) {
        let inCell = 0;
        for (const {item, p: who, f: of} of items) {
          const ok = here && (!f || of === f) && (!p || who === p) && (!only || !who);
          item.hidden = !ok;
          if (ok) { inCell++; if (!who) empty++; }
        }
        cell.classList.toggle('none', !inCell);
        inRow += inCell;
      }
      row.hidden = !inRow;
      inWeek += inRow;
    }
    one.week.hidden = !inWeek;
    shown += inWeek;
  }
  for (const row of gaps) {
    const d = row.dataset;
    row.hidden = !((!w || d.w === w) && (!s || d.s === s) && (!f || d.f === f));
  }
  status.textContent = shown
    ? `${shown} ${shown === 1 ? 'place' : 'places'} shown, ${empty} of them empty.`
    : 'Nothing fits these filters.';
};
// On a phone the reasons would push everything else away; on paper they are all there.
const reasons = all('#gap-list details[open]');
const narrow = matchMedia('(max-width:760px)').matches;
if (narrow) reasons.forEach(one => { one.open = false; });
addEventListener('beforeprint', () => reasons.forEach(one => { one.open = true; }));
if (form) {
  form.hidden = false;
  if (form.dataset.large) by('week').selectedIndex = 1;
  form.addEventListener('change', apply);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  apply();
}
})();
