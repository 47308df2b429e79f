// States of the Playground worth seeing, as in the URL's hash.

export const PRESETS = {
  xor_without_bend: "data=xor&layers=8identity,8identity",
  spiral: "data=spiral&noise=0&layers=12sin,12tanh&rate=0.01",
  one_line: "data=clouds&layers=&rate=0.03",
};
