/* Writes the memory of a PCI device to stdout. What sysfs has of it may be mapped, and not read. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct stat status;
	int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (file < 0 || fstat(file, &status) != 0)
		return 1;
	const char *memory = mmap(0, status.st_size, PROT_READ, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED)
		return 2;
	for (off_t done = 0; done < status.st_size;) {
		ssize_t more = write(1, memory + done, status.st_size - done);
		if (more <= 0)
			return 3;
		done += more;
	}
	return 0;
}
