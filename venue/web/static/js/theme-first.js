// Before anything is drawn: the remembered theme, so that the page never flashes in the other one.
(() => {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();
