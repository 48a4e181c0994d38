// Bring new messages onto the list without loading the page again.
(function () {
  var list = document.getElementById("messages");
  function look() {
    fetch(location.href)
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("messages");
        if (fresh && fresh.innerHTML !== list.innerHTML) list.innerHTML = fresh.innerHTML;
      })
      .catch(function () {}) // the demo has ended; the list stays as it is
      .finally(function () { setTimeout(look, 3000); });
  }
  if (list) setTimeout(look, 3000);
})();
