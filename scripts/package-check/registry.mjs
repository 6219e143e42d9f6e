// A stand-in for the registry: it has our packages and sends for everything else to the real one.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";

/** Serves the packages on loopback until `close()`. */
export async function startRegistry(tarballs, upstream) {
  const byName = new Map(tarballs.map((tarball) => [tarball.manifest.name, tarball]));
  const byFile = new Map(tarballs.map((tarball) => [tarball.file, tarball]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/").slice(1);
    const origin = `http://${request.headers.host}`;
    const tarball = byName.get(path);
    const download = path.startsWith("packed/") ? byFile.get(path.slice("packed/".length)) : undefined;
    if (tarball !== undefined) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(packument(tarball, origin)));
    } else if (download !== undefined) {
      createReadStream(download.path).pipe(response);
    } else {
      response.writeHead(307, { location: new URL((request.url ?? "/").slice(1), upstream).href }).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function packument({ manifest, file, integrity, shasum }, origin) {
  const dist = { tarball: `${origin}/packed/${file}`, integrity, shasum };
  return {
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  };
}
