// Everything that the page does beyond HTML and htmx. Each module looks after itself; every action also works as a plain form.
import "./wire.js";
import "./toasts.js";
import "./dialogs.js";
import "./menus.js";
import "./forms.js";
import "./facts.js";
import "./folds.js";
import "./picks.js";
import "./rows.js";
import "./drafts.js";
import "./copy.js";
import "./appearance.js";
import "./keys.js";
import "./palette.js";
import "./board.js";
import "./charts.js";
