export { buildImages, type BuildImagesOptions } from "./build-images.ts";
export { docker, type DockerOptions } from "./docker.ts";
export {
  type ImageName,
  imageNames,
  type LanguageImageName,
  languageImageNames,
  languageImages,
  usualImageNames,
} from "./images.ts";
export { pullImages, type PullImagesOptions } from "./pull-images.ts";
