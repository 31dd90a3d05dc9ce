// The page is complete without this script. It adds two things: a button that keeps the page fresh in place, and buttons
// that copy directives. It asks for nothing but the page it runs on.
(function () {
  'use strict';

  var every = 5000;
  var timer = null;

  function copyButton(pre) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(pre.querySelector('code').textContent).then(function () {
        button.textContent = 'Copied';
        setTimeout(function () { button.textContent = 'Copy'; }, 1500);
      });
    });
    pre.appendChild(button);
  }

  // The clipboard exists on secure pages only.
  function addCopyButtons() {
    if (navigator.clipboard) {
      document.querySelectorAll('pre.directive').forEach(copyButton);
    }
  }

  // What the reader has opened, typed or is about to use must survive a refresh.
  function openDetails() {
    return Array.from(document.querySelectorAll('details')).map(function (details) { return details.open; });
  }

  function isBusy() {
    var active = document.activeElement;
    var typing = active && active.closest && active.closest('form');
    var selecting = String(window.getSelection()).length > 0;
    return typing || selecting || document.hidden;
  }

  function replaceWith(text) {
    var fresh = new DOMParser().parseFromString(text, 'text/html');
    var open = openDetails();
    var main = fresh.querySelector('main');
    if (!main) {
      return;
    }
    document.querySelector('main').replaceWith(document.adoptNode(main));
    document.querySelector('.made time').replaceWith(document.adoptNode(fresh.querySelector('.made time')));
    document.querySelectorAll('details').forEach(function (details, i) { details.open = Boolean(open[i]); });
    addCopyButtons();
  }

  function refresh() {
    if (isBusy()) {
      return;
    }
    fetch(location.href, { cache: 'no-store', credentials: 'same-origin' })
      .then(function (response) { return response.ok ? response.text() : null; })
      .then(function (text) {
        if (text) {
          replaceWith(text);
        }
      })
      .catch(function () { /* the server restarts: the next round may succeed */ });
  }

  function addLiveButton() {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Live';
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', function () {
      var on = timer === null;
      if (on) {
        timer = setInterval(refresh, every);
        refresh();
      } else {
        clearInterval(timer);
        timer = null;
      }
      button.setAttribute('aria-pressed', String(on));
    });
    document.getElementById('live').appendChild(button);
  }

  addCopyButtons();
  addLiveButton();
}());
