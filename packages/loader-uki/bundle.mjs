import { bundleLoader } from '../../tools/bundle-loader.mjs';

await bundleLoader(import.meta.url);
