# The option ROM that SeaBIOS boots, as it would a network card: it stands outside of all RAM that a plan may use.
#
# With a page to go on to, it lets QEMU copy the segments to their places and leaves for that page (rom.S). Without one it
# writes down SeaBIOS's memory map, says so and stops: src/probe.ts then reads the guest's RAM.
# The block is filled in by src/option-rom.ts, the checksum too.

        .set    SIZE, 512                       # whole 512 bytes
        .set    CR0_PE, 0x00000001

        .set    MAP_SEGMENT, 0x0800             # where the memory map goes: 0x8000; its offsets are in src/probe.ts
        .set    MAP_ENTRIES, 8
        .set    MAP_ENTRY, 24
        .set    MAP_END, 0x1000
        .set    SMAP, 0x534d4150

        .set    FW_CFG_DMA, 0x514               # QEMU, docs/specs/fw_cfg: high half of an address, low half, big-endian
        .set    FW_CFG_DMA_LOW, 0x518
        .set    FW_CFG_DMA_SIZE, 16
        .set    DEBUGCON, 0xe9

        .text
        .code16
rom:    .word   0xaa55                          # Plug and Play BIOS 1.0A, 3.2: expansion header for option ROMs
        .byte   SIZE / 512
        lretw                                   # nothing to initialise
        .org    0x1a
        .word   pnp - rom

# The block. Its offsets are written down in src/option-rom.ts.
        .org    0x20
page:   .long   0                               # the address of rom.S's page, or 0
dma:    .long   0                               # descriptors for QEMU to work off: the first one's address
count:  .long   0                               # and how many
to_32:  .long   0                               # far pointer: start_32 in the page
        .word   0
gdtr:   .word   0                               # the page's GDT
        .long   0

        .org    0x40
pnp:    .ascii  "$PnP"
        .byte   1, (pnp_end - pnp) / 16         # revision, length
        .word   0                               # next header
        .byte   0, 0                            # reserved, checksum
        .long   0                               # device
        .word   name - rom, name - rom          # manufacturer, product
        .byte   0, 0, 0, 0                      # type, indicators
        .word   0, 0                            # boot connection, disconnect vectors
        .word   boot - rom                      # bootstrap entry vector
        .word   0, 0                            # reserved, static resources
pnp_end:

boot:
        cli
        cld
        cmpl    $0, %cs:(page - rom)
        jne     copy
        call    write_map
copy:
        movl    %cs:(dma - rom), %esi
        movl    %cs:(count - rom), %ecx
next:
        testl   %ecx, %ecx
        jz      copied
        xorl    %eax, %eax
        movw    $FW_CFG_DMA, %dx
        outl    %eax, %dx
        movl    %esi, %eax
        bswapl  %eax
        movw    $FW_CFG_DMA_LOW, %dx
        outl    %eax, %dx                       # QEMU is done when this is
        addl    $FW_CFG_DMA_SIZE, %esi
        decl    %ecx
        jmp     next
copied:
        movl    %cs:(page - rom), %ebx
        testl   %ebx, %ebx
        jz      stop
        lgdtl   %cs:(gdtr - rom)
        movl    $CR0_PE, %eax
        movl    %eax, %cr0
        ljmpl   *%cs:(to_32 - rom)

stop:
        movw    $name - rom, %si
say:
        lodsb   %cs:(%si), %al
        outb    %al, $DEBUGCON
        testb   %al, %al
        jnz     say
        hlt

write_map:                                      # ACPI 6.5, 15.1: INT 15h, function E820h
        movw    $MAP_SEGMENT, %ax
        movw    %ax, %es
        movw    $MAP_ENTRIES, %di
        xorl    %ebx, %ebx
        xorl    %ebp, %ebp
entry:
        movl    $0xe820, %eax
        movl    $SMAP, %edx
        movl    $MAP_ENTRY, %ecx
        int     $0x15
        jc      end
        incl    %ebp
        addw    $MAP_ENTRY, %di
        cmpw    $MAP_END - MAP_ENTRY, %di
        ja      end
        testl   %ebx, %ebx
        jnz     entry
end:
        movl    %ebp, %es:0
        cli
        ret

name:   .asciz  "kexec-kit"
        .org    SIZE, 0
