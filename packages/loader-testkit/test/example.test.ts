// The stranger's loader is tested as a stranger would test it; this only makes it a part of our own run.
import '../../../examples/loader-minimal/test/conformance.test.js';
