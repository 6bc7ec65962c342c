// The first step of every script: says what to do when the project's own Node.js did not get installed.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
    console.error(`This is Node.js ${process.version}; the project runs on its own Node.js 24 (npm package "node").`);
    console.error('It is missing here: run "npm ci" without --ignore-scripts, or install Node.js 24.');
    process.exit(2);
}
