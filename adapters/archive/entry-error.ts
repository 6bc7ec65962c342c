/** One file of an archive cannot be read, the others can. The message is the reason, with `it` for the file. */
export class EntryError extends Error {}
