/** All that a sheet is made of, as one part that a page loads when it shows one. */
export { calendarEntry } from './calendar-entry.ts';
export { qrPath } from './qr.ts';
export { sheetOf, type Appointment, type Sheet } from './sheet.ts';
export { SHEET_WORDS, type SheetLanguage, type SheetProblem } from './sheet-words.ts';
