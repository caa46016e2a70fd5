"""The spool: a folder beside the database in which every download of a scanner is kept, as it came.

Owns that a download lasts before anything is done with it, and that it is known where a clear was begun without times
to tell later what became of it. Must never change or remove one: it is the only copy of the
raw scans once the scanner is cleared.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assettrack.domain import download_errors
from assettrack.domain.downloads import SUFFIX, Download, NotADownload, read_download, written_download
from assettrack.lasting_files import give_name, said_by_system, sync_folder, written_beside

CLEARING = ".clearing"
"""What is put behind a download's name for the file that says that a clear of it was begun."""


class SpoolFolder:
    """Downloads as files of one folder; fits the ``Spool`` of the services."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, download: Download) -> Download:
        """Write a download, bring it to the disk with its name, and return it as it is read back from there.

        Raises:
            download_errors.SpoolUnusable: it can't be kept; the scanner still has all of it.
        """
        path = self.folder / download.name
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(mode=0o700, parents=True)
                sync_folder(self.folder.parent)
            if not path.exists():
                with written_beside(path, [written_download(download)]) as temporary:
                    give_name(temporary, path, replace=True)
            return read_download(path.read_bytes())
        except NotADownload as error:
            raise download_errors.SpoolUnusable(str(path), error.reason) from error
        except OSError as error:
            raise download_errors.SpoolUnusable(str(path), said_by_system(error)) from error

    def downloads(self, serial: str | None = None) -> Sequence[Download]:
        """Return what is kept whole: of one scanner in the order in which it was pulled, of all by their times.

        Raises:
            download_errors.SpoolUnusable: the folder, or a file of it, can't be read.
        """
        found = {download.name: download for _, download in self._read(serial) if isinstance(download, Download)}
        in_order = sorted(found.values(), key=lambda each: each.order)
        return in_order if serial is not None else sorted(in_order, key=lambda each: each.pulled_at)

    def begin_clear(self, download: Download) -> None:
        """Keep for good that the scanner is about to be told to clear itself of a download.

        Raises:
            download_errors.SpoolUnusable: it can't be kept; the scanner still has its scans.
        """
        path = self.folder / f"{download.name}{CLEARING}"
        try:
            with written_beside(path, [b"The scanner may have been cleared of this download.\n"]) as temporary:
                give_name(temporary, path, replace=True)
        except OSError as error:
            raise download_errors.SpoolUnusable(str(path), said_by_system(error)) from error

    def is_clear_begun(self, download: Download) -> bool:
        """Tell whether that is kept; the scanner may have been cleared then, or not.

        Raises:
            download_errors.SpoolUnusable: it can't be looked for.
        """
        path = self.folder / f"{download.name}{CLEARING}"
        try:
            path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise download_errors.SpoolUnusable(str(path), said_by_system(error), is_reading=True) from error
        return True

    def damaged(self, serial: str | None = None) -> Sequence[tuple[str, str]]:
        """Return the files that are no whole download, by name, each with why it is none.

        Raises:
            download_errors.SpoolUnusable: the folder, or a file of it, can't be read.
        """
        read = self._read(serial)
        return sorted((path.name, found.reason) for path, found in read if isinstance(found, NotADownload))

    def named(self, name: str) -> Download | None:
        """Return the download of a name, or of a name's beginning that no other has; None where there is none.

        Raises:
            download_errors.DownloadDamaged: it is there, and its file is no whole download.
            download_errors.SpoolUnusable: the folder, or a file of it, can't be read.
        """
        whole = {each.name: each for each in self.downloads()}
        damaged = dict(self.damaged())
        found = [each for each in {*whole, *damaged} if name and each.startswith(name)]
        if len(found) != 1:
            return None
        if found[0] not in whole:
            raise download_errors.DownloadDamaged(found[0], damaged[found[0]])
        return whole[found[0]]

    def _read(self, serial: str | None) -> Iterator[tuple[Path, Download | NotADownload]]:
        for path in self._files(serial):
            if path.exists() and not path.is_file():  # a pipe would be waited for without end
                yield path, NotADownload("it is no file")
                continue
            try:
                found = read_download(path.read_bytes())
                is_its_own = f"Z-{found.serial}-" in path.name
                told = f"it is of scanner {found.serial}, and its name says another"
                yield path, found if is_its_own else NotADownload(told)
            except NotADownload as error:
                yield path, error
            except OSError as error:
                raise download_errors.SpoolUnusable(str(path), said_by_system(error), is_reading=True) from error

    def _files(self, serial: str | None) -> list[Path]:
        wanted = "Z-" if serial is None else f"Z-{serial}-"
        try:
            return [path for path in self.folder.iterdir() if path.name.endswith(SUFFIX) and wanted in path.name]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise download_errors.SpoolUnusable(str(self.folder), said_by_system(error), is_reading=True) from error
