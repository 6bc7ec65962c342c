/** The project's files, read the same way here and in a function; a door for the command line. */
export { contractFiles, loadProject, PROJECT_ROOT, type Project, planFiles } from '#lambdas/_project/project.ts';
