/** What a plan is asked for when a test asks for nothing. */
export const NOTHING = {
  commandLine: undefined,
  reuseCommandLine: false,
  initrd: [],
  entry: undefined,
  entry32bit: false,
  realMode: false,
} as const;

export const POLICY = { efi: true, video: 'auto', console: {} } as const;
