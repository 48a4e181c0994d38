// Choose the visitor's own time zone in the sign-up form, unless the form came back with one to mend.
(function () {
  var select = document.getElementById("f-timezone");
  if (!select || document.querySelector(".problems")) return;
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (var i = 0; i < select.options.length; i++) {
    if (select.options[i].value === zone) {
      select.selectedIndex = i;
      return;
    }
  }
})();
