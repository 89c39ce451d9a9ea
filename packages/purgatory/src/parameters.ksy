meta:
  id: purgatory_parameters
  title: kexec-kit purgatory parameter block, version 2
  endian: le
  encoding: ASCII
doc: |
  What purgatory verifies, writes and enters. It lies at `parametersOffset` of purgatory's segment.
  The header's digest covers the rest of the header, the header's second digest covers the tables behind it:
  so no length is believed before it is verified.
doc-ref: docs/guide/purgatory.md
seq:
  - id: sha256
    size: 32
    doc: SHA-256 of the header's bytes 0x20 to 0xff
  - id: magic
    contents: kkpurg64
  - id: version
    type: u4
    valid: 2
  - id: mode
    type: u4
    enum: mode
    doc: The CPU mode in which the entry is entered; a 32-bit purgatory knows no long64
  - id: region_count
    type: u4
    valid:
      max: 65536
  - id: poke_count
    type: u4
    valid:
      max: 65536
  - id: tables_size
    type: u8
    doc: In bytes, 96 per region, 32 per poke and per copy
  - id: tables_sha256
    size: 32
    doc: SHA-256 of the tables
  - id: registers
    type: registers
  - id: entry
    type: u8
    doc: |
      Physical address to jump to. In real mode it becomes CS:IP with the CS of the registers: IP is entry - 16 * CS,
      which must be 0 to 0xffff.
  - id: jobs
    type: u4
    doc: Bit 0, the VGA is reset to text mode 3; bit 1, the interrupt controllers are reset
  - id: console
    type: u4
    doc: |
      Bit 0, words go to the serial port, too; bit 1, to the VGA's text screen, too;
      bit 2, not only what went wrong is said there
  - id: serial_port
    type: u2
    doc: The first of its eight I/O ports
  - id: serial_divisor
    type: u2
    doc: Of 115200 baud; 0, the speed is left as it is
  - id: copy_count
    type: u4
    valid:
      max: 65536
  - id: last_words
    type: u8
    doc: Physical address of the record of how far the hand-over got, a multiple of 8; 0, there is none
  - id: regions
    type: region
    repeat: expr
    repeat-expr: region_count
  - id: pokes
    type: poke
    repeat: expr
    repeat-expr: poke_count
  - id: copies
    type: copy
    repeat: expr
    repeat-expr: copy_count
enums:
  mode:
    16: real16
    32: protected32
    64: long64
types:
  registers:
    doc: |
      By their 64-bit names. In protected32 mode the first eight are eax to esp, and the others are 0.
      In real16 mode the first eight are ax to sp, r8 to r13 are cs, ds, es, fs, gs, ss, and the others are 0.
    seq:
      - id: rax
        type: u8
      - id: rbx
        type: u8
      - id: rcx
        type: u8
      - id: rdx
        type: u8
      - id: rsi
        type: u8
      - id: rdi
        type: u8
      - id: rbp
        type: u8
      - id: rsp
        type: u8
      - id: r8
        type: u8
      - id: r9
        type: u8
      - id: r10
        type: u8
      - id: r11
        type: u8
      - id: r12
        type: u8
      - id: r13
        type: u8
      - id: r14
        type: u8
      - id: r15
        type: u8
  region:
    doc: A stretch of memory that must have the given digest
    seq:
      - id: name
        size: 48
        type: strz
        encoding: ASCII
        doc: Printable ASCII, padded with NUL; 48 characters need no NUL
      - id: start
        type: u8
        doc: Physical address
      - id: length
        type: u8
        doc: In bytes; start + length is at most 2^47 (2^56 with five levels of paging), for a 32-bit purgatory 2^32
      - id: sha256
        size: 32
  poke:
    doc: A small write, done when everything is verified
    seq:
      - id: at
        type: u8
        doc: Physical address
      - id: length
        type: u4
        doc: In bytes
        valid:
          max: 16
      - id: reserved
        contents: [0, 0, 0, 0]
      - id: bytes
        size: 16
        doc: The first `length` of them are written
  copy:
    doc: Memory that is copied when everything is verified, before the pokes
    seq:
      - id: from
        type: u8
        doc: Physical address
      - id: to
        type: u8
        doc: Physical address
      - id: length
        type: u8
        doc: In bytes
      - id: reserved
        size: 8
        doc: Zeros
