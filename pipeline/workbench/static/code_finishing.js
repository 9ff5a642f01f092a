// Leaving a judgment: done and on to the next one, or only to another. Nothing unsaved is left behind without a word.

export class Finishing {
  constructor(parts) {
    Object.assign(this, parts); // data, saving, form, notices, typing
    this.dialog = document.getElementById("warning");
    this.progress = this.data.progress;
    this.notices.progress(this.progress);
    document.getElementById("finish").addEventListener("click", () => this.finish());
    this.dialog.querySelector("[data-way='finish']").addEventListener("click", () => this.done());
    for (const way of ["previous", "next"]) document.getElementById(way).addEventListener("click", (event) => this.click(event, way));
  }

  told(progress) {
    this.progress = progress;
    this.notices.progress(progress);
  }

  click(event, way) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(way);
  }

  async go(way) {
    const { href } = document.getElementById(way);
    this.typing.settle();
    if (!href) this.notices.show(way === "next" ? "last" : "first");
    else if (await this.saving.flush()) location.assign(href);
    else this.notices.show("not_saved", {}, { bad: true });
  }

  /** Done, after a look at what is missing, which the coder may leave as it is. */
  async finish() {
    this.typing.settle();
    if (!(await this.saving.flush())) {
      this.notices.show("not_saved", {}, { bad: true });
      return;
    }
    const { missing, unquoted } = this.progress;
    if (!missing.length && !unquoted.length) {
      await this.done();
      return;
    }
    this.dialog.querySelector("ul").replaceChildren(...missing.map((place) => this.item("missing", place)), ...unquoted.map((place) => this.item("unquoted", place)));
    this.dialog.showModal();
  }

  item(key, [unit, variable]) {
    const item = document.createElement("li");
    const go = document.createElement("button");
    const field = this.form.get(unit, variable);
    go.type = "button";
    go.className = "quiet";
    const [kind, number] = unit.split(":");
    const person = number ? `${this.notices.say(`person_${kind}`)} ${number} · ` : "";
    go.textContent = variable ? this.notices.say(key, { label: `${person}${field?.label ?? variable}` }) : this.notices.say(`too_few_${kind}`);
    go.addEventListener("click", () => {
      this.dialog.close();
      if (variable) this.form.focus(field);
      else this.form.newPerson(kind);
    });
    item.append(go);
    return item;
  }

  async done() {
    if (this.dialog.open) this.dialog.close();
    try {
      const { next } = await anjuan.post(`${this.data.url}/state`, { state: "done" });
      location.assign(next);
    } catch (error) {
      this.notices.show("refused", { label: "", message: error.message }, { bad: true });
    }
  }
}
