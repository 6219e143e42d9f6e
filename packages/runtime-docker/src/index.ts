export { buildImages, type BuildImagesOptions } from "./build-images.ts";
export { docker, type DockerOptions } from "./docker.ts";
