"""Components in the browser, one folder each."""
