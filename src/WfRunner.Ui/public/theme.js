// Runs before the first paint, so that nobody sees the wrong theme flash by.
(function () {
  try {
    var theme = localStorage.getItem('wf.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch (e) {
    // Storage is switched off: the system's setting counts.
  }
})();
