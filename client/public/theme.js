// Before the first paint, so that a dark page never flashes white. A file of its own because the
// page's policy allows no inline scripts. The names are those of src/stores/settings_store.ts.
(function () {
  var theme = 'system';
  var locale = null;
  try {
    theme = localStorage.getItem('rubricon.theme') || 'system';
    locale = localStorage.getItem('rubricon.locale');
  } catch (_) {
    // Storage is blocked: the system's choice it is.
  }
  var dark =
    theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  if (locale) document.documentElement.lang = locale;
})();
