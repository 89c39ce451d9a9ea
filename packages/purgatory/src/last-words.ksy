meta:
  id: last_words
  title: kexec-kit purgatory's record of how far a hand-over got
  endian: le
  encoding: ASCII
doc: |
  Purgatory writes it where its parameter block says; whoever looks afterwards reads it: the next kernel, a debugger, a dump.
  Zeros mean that purgatory was not entered, or stopped at its own parameter block.
doc-ref: docs/guide/purgatory.md
seq:
  - id: magic
    contents: kkwords1
  - id: state
    type: u4
    enum: state
    doc: The last that was told; each of these goes to port 0x80, too
  - id: version
    type: u4
    doc: Of the parameter block that this purgatory understands
  - id: region_count
    type: u4
  - id: region
    type: u4
    doc: The one whose verification began last, or which differs; 0xffffffff, none of them
  - id: entered
    type: u8
    doc: The CPU's time-stamp counter when purgatory was entered
  - id: verified
    type: u8
    doc: The same when everything was verified; 0, it was not
  - id: jumped
    type: u8
    doc: The same just before the next kernel; 0, it was not entered
  - id: name
    size: 48
    type: strz
    encoding: ASCII
    doc: Of what differs; empty, nothing does
  - id: expected
    size: 32
    doc: The SHA-256 that was linked
  - id: found
    size: 32
    doc: The SHA-256 of what was there
enums:
  state:
    0xe1: entered
    0xe2: verifying
    0xe3: verified
    0xe4: switched
    0xe5: jumped
    0xee: mismatch
    0xef: refused
