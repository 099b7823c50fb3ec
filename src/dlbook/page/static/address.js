/* The settings in the page's address: #section?name.setting=value&..., only what is not default. */
(() => {
  function parts() {
    const [section, query = ""] = location.hash.slice(1).split("?");
    return { section, query: new URLSearchParams(query) };
  }

  /* The position of every setting of an explorer that the address names, checked. */
  function read(name, controls) {
    const { query } = parts();
    return controls.map((control) => {
      const at = control.values.indexOf(query.get(`${name}.${control.name}`));
      return at < 0 ? control.default : at;
    });
  }

  function write(name, controls, position) {
    const { section, query } = parts();
    controls.forEach((control, k) => {
      const key = `${name}.${control.name}`;
      if (position[k] === control.default) query.delete(key);
      else query.set(key, control.values[position[k]]);
    });
    const text = query.toString();
    const hash = section || text ? `#${section}${text ? `?${text}` : ""}` : "";
    if (hash !== location.hash)
      history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  /* A heading link with settings behind it: the browser finds no such id, so go there by hand. */
  function goToSection() {
    if (location.hash.includes("?")) document.getElementById(parts().section)?.scrollIntoView();
  }

  /* A heading link moves no slider: the settings stay in the address. Comes before all explorers. */
  addEventListener("hashchange", ({ oldURL, newURL }) => {
    const { hash } = new URL(oldURL), settings = hash.slice(hash.indexOf("?"));
    if (!hash.includes("?") || new URL(newURL).hash.includes("?")) return;
    history.replaceState(history.state, "", (newURL.includes("#") ? newURL : `${newURL}#`) + settings);
  });

  DLBOOK.address = { read, write, goToSection };
})();
