// The server answers this path with its own settings; this file only serves development. Integrators may replace it (see docs/ui.md).
window.DIGDAG_CONFIG = window.DIGDAG_CONFIG || {};
