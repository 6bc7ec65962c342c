import { UsageError } from '#core/errors.ts';
import { createApp } from '#lib/app.ts';

try {
    createApp().synth();
} catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
}
